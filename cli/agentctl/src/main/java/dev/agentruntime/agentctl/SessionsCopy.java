package dev.agentruntime.agentctl;

import dev.agentruntime.client.AgentRuntimeClient;
import jakarta.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "cp", description = {"Copy a file into a session's VM or out of it. One of the two is SESSION:/PATH.",
    "Files of up to 1 GiB go in, of up to 70 MB come out; they are in the VM's memory."})
final class SessionsCopy extends ServerAction {

    @Parameters(index = "0", paramLabel = "NAME", description = "The agent.")
    private String name;

    @Parameters(index = "1", paramLabel = "FROM", description = "A file here, or SESSION:/PATH.")
    private String from;

    @Parameters(index = "2", paramLabel = "TO", description = "SESSION:/PATH, or a file or folder here.")
    private String to;

    SessionsCopy(Surroundings surroundings) {
        super(surroundings);
    }

    /** A path in a session's VM. */
    private record There(String session, String path) {
        static boolean is(String text) {
            return text.matches("[A-Za-z0-9][A-Za-z0-9_-]{32,255}:/.+");
        }

        static There of(String text) {
            int colon = text.indexOf(':');
            return new There(text.substring(0, colon), text.substring(colon + 1));
        }

        String file() {
            return path.substring(path.lastIndexOf('/') + 1);
        }
    }

    @Override
    ExitCode run() throws IOException {
        if (There.is(from) == There.is(to)) {
            throw usage("One of FROM and TO is SESSION:/PATH with the session's id, and the other is a file here.");
        }
        AgentRuntimeClient client = client();
        String agent = runtime(client, name);
        Meter meter = new Meter(surroundings(), json());
        if (There.is(to)) {
            into(client, agent, meter);
        } else {
            outOf(client, agent, meter);
        }
        return ExitCode.OK;
    }

    private void into(AgentRuntimeClient client, String agent, Meter meter) throws IOException {
        Path file = file(Path.of(from));
        if (!Files.isRegularFile(file)) {
            throw new Problem(ExitCode.USAGE, "There is no file " + from + ".");
        }
        There there = There.of(to);
        String path = there.path().endsWith("/") ? there.path() + file.getFileName() : there.path();
        LiveSession.check(client, agent, there.session());
        new Copying(surroundings(), client, agent, there.session()).in(file, path, meter.bytes("Copying", Files.size(file)));
        meter.end();
        tell(from, there.session() + ":" + path, Files.size(file));
    }

    private void outOf(AgentRuntimeClient client, String agent, Meter meter) throws IOException {
        There there = There.of(from);
        Path named = file(Path.of(to));
        Path file = Files.isDirectory(named) ? named.resolve(there.file()) : named;
        LiveSession.check(client, agent, there.session());
        new Copying(surroundings(), client, agent, there.session()).out(there.path(), file, meter.bytes("Copying"));
        meter.end();
        tell(from, file.toString(), Files.size(file));
    }

    private void tell(String source, String target, long bytes) {
        if (json()) {
            print(Json.createObjectBuilder().add("from", source).add("to", target).add("bytes", bytes).build());
        } else {
            out().println(Text.plain(source) + " -> " + Text.plain(target) + ", " + Text.bytes(bytes));
        }
    }
}
