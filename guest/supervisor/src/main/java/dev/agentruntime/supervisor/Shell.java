package dev.agentruntime.supervisor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A shell on a terminal of its own, which goes on while nobody is connected with it: what it says then is kept for the next one, the
 * latest of it. Whoever is connected and does not read holds it back. Thread-safe.
 */
final class Shell {
    private static final int STDIN = 0;
    private static final int STDOUT = 1;
    private static final int STATUS = 3;
    private static final int RESIZE = 4;
    private static final int HEARTBEAT = 5;
    private static final int CLOSE = 255;
    private static final int MOST_TEXTS = 5;
    private static final int CHUNK = 16 * 1024;
    private static final int MOST_CELLS = 10_000;
    private static final long HANG_UP_MILLIS = 2_000;
    /** So long nothing more may come of a shell that has ended before that is told. */
    private static final long REST_MILLIS = 1_000;
    /** The same where more and more comes, from what it has left running. */
    private static final long MOST_REST_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final Pattern WIDTH = Pattern.compile("\"width\"\\s*:\\s*(\\d{1,5})\\b");
    private static final Pattern HEIGHT = Pattern.compile("\"height\"\\s*:\\s*(\\d{1,5})\\b");

    private final String id;
    private final Terminal terminal;
    private final ProcessGroup group;
    private final Consumer<Shell> gone;
    private final CountDownLatch silent = new CountDownLatch(1);
    private final AtomicLong said = new AtomicLong();
    private volatile boolean saying;
    private final Replay replay = new Replay();
    private Optional<ShellSocket> attached = Optional.empty();
    private volatile OptionalInt exitCode = OptionalInt.empty();
    private boolean begun;
    private boolean told;

    private Shell(String id, Terminal terminal, ProcessGroup group, Consumer<Shell> gone) {
        this.id = id;
        this.terminal = terminal;
        this.group = group;
        this.gone = gone;
    }

    /**
     * Starts one, with the usual size of a terminal.
     *
     * @param gone told when it has ended and somebody was told so; may be told again
     */
    static Shell start(String id, Map<String, String> environment, Executor threads, Consumer<Shell> gone) throws IOException {
        Terminal terminal = Terminal.open();
        try {
            terminal.resize(80, 24);
            ProcessBuilder builder = new ProcessBuilder().redirectInput(terminal.slave()).redirectOutput(terminal.slave())
                    .redirectError(terminal.slave());
            builder.environment().put("TERM", "xterm-256color");
            ProcessGroup group = ProcessGroup.start(builder, List.of("/bin/sh", "-i"), environment, "-c");
            Shell shell = new Shell(id, terminal, group, gone);
            threads.execute(shell::pump);
            threads.execute(shell::watch);
            return shell;
        } catch (IOException | RuntimeException e) {
            terminal.close();
            throw e;
        }
    }

    String id() {
        return id;
    }

    boolean hasEnded() {
        return exitCode.isPresent();
    }

    /** Serves whoever has connected, in the place of who was before, until it leaves. Blocks. */
    void serve(ShellSocket socket) throws IOException {
        attach(socket);
        try {
            int texts = 0;
            for (Optional<ShellSocket.Message> message = socket.read(); message.isPresent(); message = socket.read()) {
                if (!isAttached(socket)) {
                    continue; // somebody else has taken it over, and this one is about to read so
                }
                if (message.get().binary()) {
                    take(socket, message.get().bytes());
                } else if (++texts == MOST_TEXTS) {
                    socket.close(ShellSocket.NO_TEXT, "A shell takes binary messages: a byte that names the channel, and what is for it");
                    return;
                }
            }
        } finally {
            detach(socket);
        }
    }

    private void attach(ShellSocket socket) throws IOException {
        Optional<ShellSocket> before;
        synchronized (this) {
            before = attached;
        }
        before.ifPresent(Shell::kick);
        socket.inOneGo(() -> {
            boolean again;
            long dropped;
            byte[] missed;
            Optional<ShellSocket> between;
            synchronized (this) {
                between = attached;
                again = begun;
                begun = true;
                dropped = replay.dropped();
                missed = replay.take();
                // From here on the terminal's words come here, behind what is said in this go.
                attached = Optional.of(socket);
            }
            between.ifPresent(Shell::kick);
            greet(socket, again, dropped, missed);
        });
        tellEnd();
    }

    private static void kick(ShellSocket other) {
        other.close(ShellSocket.KICKED, "Somebody else has connected with this shell");
    }

    private void greet(ShellSocket socket, boolean again, long dropped, byte[] missed) throws IOException {
        try {
            status(socket, "\"metadata\":{\"shellId\":\"" + id + "\",\"reconnected\":" + again
                    + (dropped > 0 ? ",\"bytesDropped\":" + dropped : "") + "},\"status\":\"Success\"");
            for (int at = 0; at < missed.length; at += CHUNK) {
                byte[] part = Arrays.copyOfRange(missed, at, Math.min(missed.length, at + CHUNK));
                socket.send(STDOUT, part, part.length);
            }
        } catch (IOException left) {
            synchronized (this) {
                detach(socket);
                byte[] later = replay.take();
                replay.add(missed, missed.length);
                replay.add(later, later.length);
            }
            throw left;
        }
    }

    private synchronized void detach(ShellSocket socket) {
        attached = attached.filter(other -> other != socket);
    }

    private synchronized boolean isAttached(ShellSocket socket) {
        return attached.filter(one -> one == socket).isPresent();
    }

    private void take(ShellSocket socket, byte[] message) throws IOException {
        if (message.length == 0) {
            return;
        }
        byte[] content = Arrays.copyOfRange(message, 1, message.length);
        switch (message[0] & 0xff) {
            case STDIN -> {
                if (!hasEnded()) {
                    terminal.write(content);
                }
            }
            case RESIZE -> resize(new String(content, StandardCharsets.UTF_8));
            case HEARTBEAT -> socket.echo(HEARTBEAT);
            case CLOSE -> {
                socket.echo(CLOSE);
                socket.close(ShellSocket.NORMAL, "The shell was closed");
                end();
            }
            default -> { }
        }
    }

    private void resize(String json) {
        Matcher width = WIDTH.matcher(json);
        Matcher height = HEIGHT.matcher(json);
        if (width.find() && height.find()) {
            int columns = Integer.parseInt(width.group(1));
            int rows = Integer.parseInt(height.group(1));
            if (columns > 0 && columns <= MOST_CELLS && rows > 0 && rows <= MOST_CELLS) {
                terminal.resize(columns, rows);
            }
        }
    }

    /** Ends it for good. */
    void end() {
        group.end(HANG_UP_MILLIS);
        gone.accept(this);
    }

    private void pump() {
        byte[] chunk = new byte[CHUNK];
        try {
            for (int n = terminal.read(chunk); n >= 0; n = terminal.read(chunk)) {
                saying = true;
                say(chunk, n);
                saying = false;
                said.incrementAndGet();
            }
        } catch (IOException closed) {
            // Nobody has the terminal any more, one way or the other.
        } finally {
            silent.countDown();
            terminal.close();
        }
    }

    /** To whoever is connected when it can be sent, or to be kept. */
    private void say(byte[] chunk, int length) {
        boolean heard = false;
        while (!heard) {
            ShellSocket listener;
            synchronized (this) {
                if (attached.isEmpty()) {
                    replay.add(chunk, length);
                    return;
                }
                listener = attached.get();
            }
            try {
                listener.send(STDOUT, chunk, length);
                heard = true;
            } catch (IOException left) {
                detach(listener);
            }
        }
    }

    /** The terminal says nothing of a shell's end as long as something that the shell has left running has it open. */
    private void watch() {
        try {
            int code = group.leader().waitFor();
            group.hangUp();
            settle();
            exitCode = OptionalInt.of(code);
            tellEnd();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void settle() throws InterruptedException {
        long begun = System.nanoTime();
        long before = said.get();
        boolean more = true;
        while (more && !silent.await(REST_MILLIS, TimeUnit.MILLISECONDS)) {
            long now = said.get();
            boolean heldBack = saying && now == before;
            more = heldBack || now > before && System.nanoTime() - begun < MOST_REST_NANOS;
            before = now;
        }
    }

    /** Tells who is connected that the shell has ended; where nobody is, the next one is told. */
    private void tellEnd() {
        ShellSocket socket;
        synchronized (this) {
            if (exitCode.isEmpty() || attached.isEmpty() || told) {
                return;
            }
            told = true;
            socket = attached.get();
        }
        int code = exitCode.getAsInt();
        try {
            status(socket, "\"metadata\":{}," + (code == 0 ? "\"status\":\"Success\"" : "\"status\":\"Failure\",\"reason\":\"NonZeroExitCode\",\"details\":{\"causes\":"
                    + "[{\"reason\":\"ExitCode\",\"message\":\"" + code + "\"}]}"));
            socket.close(ShellSocket.NORMAL, "The shell has ended");
            gone.accept(this);
        } catch (IOException left) {
            synchronized (this) {
                told = false;
                detach(socket);
            }
        }
    }

    private static void status(ShellSocket socket, String content) throws IOException {
        byte[] json = ("{\"kind\":\"Status\",\"apiVersion\":\"v1\"," + content + "}").getBytes(StandardCharsets.UTF_8);
        socket.send(STATUS, json, json.length);
    }
}
