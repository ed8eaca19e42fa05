package dev.agentruntime.agentctl;

import jakarta.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "import", description = {"Read what a project of AgentCore's says of its agents, agentcore.json or the starter toolkit's .bedrock_agentcore.yaml, and write"
    + " NAME.agent.json for each: 'deploy --settings' takes it. Says what it does not carry over. Asks no server."})
final class ImportProject extends Action {

    private static final long MOST_BYTES = 4 << 20;

    @Parameters(paramLabel = "FILE", description = "The project's file.")
    private Path project;

    @Option(names = "--to", paramLabel = "FOLDER", defaultValue = ".", description = "Where to write. Default: here.")
    private Path to;

    @Option(names = "--force", description = "Write over what is there.")
    private boolean force;

    ImportProject(Surroundings surroundings) {
        super(surroundings);
    }

    @Override
    ExitCode run() throws IOException {
        Path file = file(project);
        if (!Files.isRegularFile(file)) {
            throw new Problem(ExitCode.USAGE, "There is no file " + project + ".");
        }
        if (Files.size(file) > MOST_BYTES) {
            throw new Problem(ExitCode.INVALID, "The file " + project + " has more than " + MOST_BYTES + " bytes.");
        }
        // What is no UTF-8 is no name either, and is told where it counts.
        for (Imports.Agent agent : Imports.of(new String(Files.readAllBytes(file), StandardCharsets.UTF_8), project.toString())) {
            Path written = file(to).resolve(agent.name() + ".agent.json");
            if (Files.exists(written) && !force) {
                throw new Problem(ExitCode.CONFLICT, "There is a file " + written.getFileName() + " already. Say --force to write over it.");
            }
            Files.createDirectories(written.getParent());
            Files.writeString(written, agent.settings() + "\n");
            tell(agent, written);
        }
        return ExitCode.OK;
    }

    private void tell(Imports.Agent agent, Path written) {
        if (json()) {
            print(Json.createObjectBuilder().add("name", agent.name()).add("file", written.toString()).add("settings", agent.settings())
                    .add("notCarriedOver", Json.createArrayBuilder(agent.left())).build());
            return;
        }
        out().println(agent.name() + " -> " + written.getFileName());
        agent.left().forEach(sentence -> out().println("  not carried over: " + Text.plain(sentence)));
    }
}
