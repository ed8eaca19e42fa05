package dev.agentruntime.supervisor;

import dev.agentruntime.channel.MuxStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** The shells of a guest, by their ids. Thread-safe. */
final class Shells {
    static final int MOST = 10;

    private final Executor threads;
    private final Supplier<Map<String, String>> environment;
    private final Map<String, Shell> shells = new LinkedHashMap<>();

    /** @param environment the session's */
    Shells(Executor threads, Supplier<Map<String, String>> environment) {
        this.threads = threads;
        this.environment = environment;
    }

    /** Connects a WebSocket that the host passes on with a shell, which is started where there is none of that id. Blocks. */
    void serve(MuxStream stream) throws IOException {
        try (stream) {
            ShellSocket socket = ShellSocket.asked(stream);
            Optional<Shell> shell;
            try {
                shell = shell(socket.shell());
            } catch (IOException e) {
                socket.refuse(500, e.getMessage());
                return;
            }
            if (shell.isEmpty()) {
                socket.refuse(429, "This session has " + MOST + " shells, as many as one may; close one");
                return;
            }
            socket.accept();
            shell.get().serve(socket);
            stream.shutdownOutput();
            // Closing before the host has read the last frames would reset the stream and lose them.
            stream.input().transferTo(OutputStream.nullOutputStream());
        }
    }

    /** Empty where there are as many as there may be. */
    private Optional<Shell> shell(String id) throws IOException {
        known(id).ifPresent(Shell::awaitTold);
        return knownOrNew(id);
    }

    private synchronized Optional<Shell> known(String id) {
        return Optional.ofNullable(shells.get(id));
    }

    private synchronized Optional<Shell> knownOrNew(String id) throws IOException {
        if (!shells.containsKey(id)) {
            if (shells.size() >= MOST) {
                // One that has ended waits for somebody who may never come.
                shells.entrySet().stream().filter(entry -> entry.getValue().hasEnded()).findFirst().map(Map.Entry::getKey).ifPresent(shells::remove);
            }
            if (shells.size() >= MOST) {
                return Optional.empty();
            }
            shells.put(id, Shell.start(id, environment.get(), threads, this::remove));
        }
        return Optional.of(shells.get(id));
    }

    /** Another may have its id by now. */
    private synchronized void remove(Shell shell) {
        shells.remove(shell.id(), shell);
    }
}
