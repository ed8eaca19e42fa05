package dev.agentruntime.agentctl;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "validate", description = {"Look at a WAR before it is deployed: its entrypoint, its size, what it needs of the platform, and what would keep it from"
    + " starting. Asks no server.", "Ends with 12 where something would."})
final class Validate extends Action {

    @Parameters(paramLabel = "FILE.war", description = "The WAR.")
    private Path war;

    @Option(names = "--image", paramLabel = "FOLDER",
            description = "A guest image, to compare with. Otherwise that of the server that agentctl is installed in.")
    private Optional<Path> image = Optional.empty();

    Validate(Surroundings surroundings) {
        super(surroundings);
    }

    @Override
    ExitCode run() {
        Path file = file(war);
        if (!Files.isRegularFile(file)) {
            throw new Problem(ExitCode.USAGE, "There is no file " + war + ". Build it first, with 'mvn package'.");
        }
        image.map(this::file).filter(folder -> !Files.isReadable(folder.resolve("features.index"))).ifPresent(folder -> {
            throw new Problem(ExitCode.USAGE, folder + " is no guest image: it has no features.index. On a server it is wlp/usr/extension/agent/image.");
        });
        List<Finding> found = WarCheck.of(file, image.map(this::file).map(folder -> folder.resolve("features.index")).or(Installed::featureIndex));
        Findings findings = new Findings(found);
        findings.print(surroundings(), json());
        return findings.isAnyWrong() ? ExitCode.INVALID : ExitCode.OK;
    }
}
