package dev.agentruntime.agentctl;

import jakarta.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import javax.lang.model.SourceVersion;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "create", description = "Make a new agent's Maven project in a folder of its name: an entrypoint, a tool, a stream, and tests. Asks no server.")
final class Create extends Action {

    @Parameters(paramLabel = "NAME", description = "The project's name: lower-case letters, digits and '-'.")
    private String name;

    @Option(names = "--group", paramLabel = "GROUP", defaultValue = "com.example", description = "Its Maven group. Default: ${DEFAULT-VALUE}.")
    private String group;

    @Option(names = "--package", paramLabel = "PACKAGE", description = "Its Java package. Otherwise the group and the name.")
    private Optional<String> javaPackage = Optional.empty();

    Create(Surroundings surroundings) {
        super(surroundings);
    }

    @Override
    ExitCode run() throws IOException {
        if (!name.matches("[a-z][a-z0-9]*(-[a-z0-9]+)*") || name.length() > 48) {
            throw usage("A project's name has lower-case letters, digits and single hyphens, such as my-agent, a letter first and 48 at most.");
        }
        String inside = javaPackage.orElse(group + "." + name.replace("-", ""));
        if (!group.matches("[A-Za-z_][\\w.-]*") || !inside.matches("[a-zA-Z_]\\w*(\\.[a-zA-Z_]\\w*)*")) {
            throw usage("A group is as com.example, and a package as com.example.myagent.");
        }
        if (!SourceVersion.isName(inside)) {
            throw usage("The package " + inside + " has a word of Java's own in it. Say --package.");
        }
        Path folder = file(Path.of(name));
        if (Files.exists(folder)) {
            throw new Problem(ExitCode.CONFLICT, "There is a " + name + " here already. Choose another name, or another folder.");
        }
        new Archetype(group, name, inside).write(folder);
        if (json()) {
            print(Json.createObjectBuilder().add("name", name).add("folder", folder.toString()).add("package", inside).build());
        } else {
            out().println(name + " is made. Go on with:\n  cd " + name + "\n  mvn package\n  agentctl deploy target/" + name + ".war --wait\n  agentctl invoke "
                    + name + " '{\"prompt\": \"Ada\"}'");
        }
        return ExitCode.OK;
    }
}
