package dev.agentruntime.supervisor;

import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;

/**
 * Who is connected with a shell: one at a time, and whoever connects later takes its place. What the shell says while nobody is connected is
 * kept for the next one, the latest of it. Thread-safe.
 */
final class Audience {
    private static final int CHUNK = 16 * 1024;

    private final String shell;
    private final Replay replay = new Replay();
    private Optional<ShellSocket> listener = Optional.empty();
    private boolean begun;

    /** @param shell its id */
    Audience(String shell) {
        this.shell = shell;
    }

    /**
     * Has {@code socket} listen from now on, which is told what was missed first. Blocks while it does not read.
     *
     * @throws IOException it has left; what was missed is kept
     */
    void attach(ShellSocket socket) throws IOException {
        listener().ifPresent(Audience::kick);
        socket.inOneGo(() -> {
            boolean again;
            Replay.Missed missed;
            Optional<ShellSocket> between;
            synchronized (this) {
                between = listener;
                again = begun;
                begun = true;
                missed = replay.take();
                // From here on the terminal's words come here, behind what is said in this go.
                listener = Optional.of(socket);
            }
            between.ifPresent(Audience::kick);
            greet(socket, again, missed);
        });
    }

    private static void kick(ShellSocket other) {
        other.close(ShellSocket.KICKED, "Somebody else has connected with this shell");
    }

    private void greet(ShellSocket socket, boolean again, Replay.Missed missed) throws IOException {
        try {
            socket.send(ShellWords.STATUS, ShellWords.connected(shell, again, missed.dropped()));
            for (int at = 0; at < missed.bytes().length; at += CHUNK) {
                socket.send(ShellWords.STDOUT, Arrays.copyOfRange(missed.bytes(), at, Math.min(missed.bytes().length, at + CHUNK)));
            }
        } catch (IOException left) {
            synchronized (this) {
                detach(socket);
                replay.putBack(missed);
            }
            throw left;
        }
    }

    /** It does not listen any more. */
    synchronized void detach(ShellSocket socket) {
        listener = listener.filter(other -> other != socket);
    }

    synchronized boolean isListening(ShellSocket socket) {
        return listener.filter(one -> one == socket).isPresent();
    }

    synchronized Optional<ShellSocket> listener() {
        return listener;
    }

    /** Says something to whoever listens, when that one reads, or keeps it. Blocks meanwhile. */
    void hear(byte[] chunk) {
        boolean heard = false;
        while (!heard) {
            ShellSocket to;
            synchronized (this) {
                if (listener.isEmpty()) {
                    replay.add(chunk, chunk.length);
                    return;
                }
                to = listener.get();
            }
            try {
                to.send(ShellWords.STDOUT, chunk);
                heard = true;
            } catch (IOException left) {
                detach(to);
            }
        }
    }
}
