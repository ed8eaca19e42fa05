package dev.agentruntime.agentctl;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The user's Maven. */
record Maven(Surroundings surroundings) {

    private static final boolean WINDOWS = File.separatorChar == '\\';

    /** What a command line of it begins with: the project's wrapper where it has one, otherwise that of the PATH. */
    List<String> command(Path project) {
        Path wrapper = project.resolve(WINDOWS ? "mvnw.cmd" : "mvnw");
        Path maven = Files.isExecutable(wrapper) ? wrapper : surroundings.variable("PATH").stream().flatMap(path -> Arrays.stream(path.split(File.pathSeparator)))
                .filter(folder -> !folder.isEmpty()).map(folder -> Path.of(folder, WINDOWS ? "mvn.cmd" : "mvn")).filter(Files::isExecutable).findFirst()
                .orElseThrow(() -> new Problem(ExitCode.USAGE, "There is no mvn on the PATH, and no mvnw in " + project + ". Install Maven 3.8 or newer."));
        return new ArrayList<>(List.of(maven.toString()));
    }
}
