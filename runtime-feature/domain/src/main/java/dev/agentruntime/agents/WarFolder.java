package dev.agentruntime.agents;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.logging.Logger;

/** The drop-in folder: each WAR in it is an agent runtime named as the file. Used by one thread at a time. */
final class WarFolder {

    private static final Logger LOG = Logger.getLogger(WarFolder.class.getName());

    private final Set<Path> complained = new HashSet<>();
    private Map<String, Path> last = Map.of();

    /** The WARs by name; those of the last time when the folder cannot be read. */
    Map<String, Path> list(Path folder) {
        if (Files.notExists(folder)) {
            last = Map.of();
            return last;
        }
        Map<String, Path> wars = new TreeMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.war")) {
            files.forEach(war -> take(war, wars));
            complained.remove(folder);
            last = wars;
        } catch (IOException | DirectoryIteratorException e) {
            if (complained.add(folder)) {
                AgentMessage.DROPIN_FOLDER.log(LOG, folder, e.toString());
            }
        }
        return last;
    }

    private void take(Path war, Map<String, Path> wars) {
        String file = war.getFileName().toString();
        String name = file.substring(0, file.length() - ".war".length());
        Optional<String> problem = AgentConfig.nameProblem(name);
        if (problem.isEmpty()) {
            wars.put(name, war);
        } else if (complained.add(war)) {
            AgentMessage.DROPIN_NAME.log(LOG, war, problem.get());
        }
    }
}
