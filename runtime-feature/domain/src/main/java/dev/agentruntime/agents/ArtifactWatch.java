package dev.agentruntime.agents;

import dev.agentruntime.spi.AgentPaths;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Finds out from stamps whether there is another artifact than the last one. An artifact counts once two checks in a row
 * have found the same stamp, so that one that is still being copied is left alone. Not thread-safe; knows no files.
 */
final class ArtifactWatch {

    /** What a check has found. */
    enum Finding { MISSING, CHANGING, KNOWN, NEW }

    /** What a version is made of, as far as that can be known without reading the artifact. */
    private record Source(FileStamp stamp, Path location, long memoryBytes, int vcpus, AgentPaths paths, List<String> features) {}

    private Optional<FileStamp> last = Optional.empty();
    private Optional<Source> taken = Optional.empty();

    Finding check(Optional<FileStamp> stamp, AgentConfig agent) {
        boolean same = stamp.equals(last);
        last = stamp;
        if (stamp.isEmpty()) {
            taken = Optional.empty();
            return Finding.MISSING;
        }
        if (!same) {
            return Finding.CHANGING;
        }
        return taken.equals(source(agent)) ? Finding.KNOWN : Finding.NEW;
    }

    /** From now on the artifact that was found last is known. */
    void take(AgentConfig agent) {
        taken = source(agent);
    }

    private Optional<Source> source(AgentConfig agent) {
        return last.map(stamp -> new Source(stamp, agent.location(), agent.memoryBytes(), agent.vcpus(), agent.paths(), agent.features()));
    }
}
