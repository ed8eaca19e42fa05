package dev.agentruntime.agentctl;

import jakarta.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "dev", description = {"Run a project's agent here, on an Open Liberty of its own without a VM, and have each saved change in the next answer.",
    "It is Maven's liberty:dev with a server.xml that serves the agent's paths; one process serves all sessions, and none is ended. Asks no server."})
final class Dev extends Action {

    /** How long Maven has to stop the server after Ctrl-C. */
    private static final long STOP_SECONDS = 60;

    @Parameters(paramLabel = "MAVEN-OPTION", arity = "0..*", description = "Options for Maven, after '--'.")
    private List<String> more = new ArrayList<>();

    @Option(names = "--project", paramLabel = "FOLDER", defaultValue = "", description = "The folder of the project's pom.xml. Otherwise this one.")
    private Path folder;

    @Option(names = "--port", paramLabel = "PORT", defaultValue = "8080", description = "Where it answers, on this machine only. Default: ${DEFAULT-VALUE}.")
    private int port;

    @Option(names = "--liberty", paramLabel = "FOLDER",
            description = "An Open Liberty, its folder wlp. Otherwise WLP_HOME, or one that Maven gets once into target/liberty.")
    private Optional<Path> liberty = Optional.empty();

    @Option(names = "--features", paramLabel = "FEATURES", split = ",", defaultValue = DevServer.FEATURES,
            description = "What the server has, with commas between. Default: ${DEFAULT-VALUE}.")
    private List<String> features;

    @Option(names = "--war", paramLabel = "NAME", description = "The WAR's name without .war, where the POM's finalName does not say it.")
    private Optional<String> war = Optional.empty();

    Dev(Surroundings surroundings) {
        super(surroundings);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path project = file(folder).toAbsolutePath().normalize();
        Path pom = project.resolve("pom.xml");
        if (!Files.isRegularFile(pom)) {
            throw new Problem(ExitCode.USAGE, "There is no pom.xml in " + project + ". Go to a project, name it with --project, or make one with 'agentctl create'.");
        }
        Optional<Path> runtime = liberty.map(this::file).or(() -> surroundings().variable("WLP_HOME").map(Path::of)).map(Dev::checked);
        String name = war.orElseGet(() -> Pom.of(pom).warName());
        List<String> maven = new Maven(surroundings()).command(project);
        if (port < 1 || port > 65535) {
            throw usage("A port is between 1 and 65535, and " + port + " is not.");
        }
        free();
        DevServer server = new DevServer(project, name, port, features);
        maven.addAll(server.goal(runtime));
        maven.addAll(more);
        server.write();
        tell(name);
        return run(project, maven);
    }

    @Override
    ExitCode run() {
        throw new UnsupportedOperationException("It ends with the code of Maven");
    }

    private static Path checked(Path wlp) {
        if (!Files.isRegularFile(wlp.resolve("lib/versions/openliberty.properties")) && !Files.isExecutable(wlp.resolve("bin/server"))) {
            throw new Problem(ExitCode.USAGE, wlp + " is no Open Liberty: it has no bin/server. Name its folder wlp with --liberty, or leave it and WLP_HOME out.");
        }
        return wlp.toAbsolutePath();
    }

    private void free() {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        } catch (IOException e) {
            throw new Problem(ExitCode.CONFLICT, "Port " + port + " is in use. Name another with --port.", e);
        }
    }

    private void tell(String name) {
        String url = "http://localhost:" + port;
        if (json()) {
            print(Json.createObjectBuilder().add("name", name).add("url", url).build());
            return;
        }
        remark(name + " is being built and started. When the server is ready, ask it from another terminal; change a source and save it, and ask again:\n"
                + "  curl " + url + "/invocations -H 'Content-Type: application/json' -H '" + DevServer.SESSION_HEADER + ": " + DevServer.SESSION + "' -d '{\"prompt\": \"Ada\"}'\n"
                + "  curl " + url + "/ping\nCtrl-C ends it.");
    }

    private int run(Path project, List<String> command) throws IOException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(command).directory(project.toFile()).inheritIO().start();
        } catch (IOException e) {
            throw new Problem(ExitCode.FAULT, "Maven cannot be started: " + e.getMessage(), e);
        }
        // A terminal's Ctrl-C reaches Maven too, which then stops the server: agentctl does not leave before. A kill reaches agentctl alone.
        try (Cancelling ending = Cancelling.of(surroundings(), () -> end(process), "The server is being stopped.")) {
            return process.waitFor();
        }
    }

    private static void end(Process process) {
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
