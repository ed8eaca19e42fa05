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
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** A shell on a terminal of its own, which goes on while nobody is connected with it. Who does not read holds it back. Thread-safe. */
final class Shell {
    private static final int MOST_TEXTS = 5;
    private static final int CHUNK = 16 * 1024;
    private static final long HANG_UP_MILLIS = 2_000;
    /** So long nothing more may come of a shell that has ended before that is told. */
    private static final long REST_MILLIS = 1_000;
    /** The same where more and more comes, from what it has left running. */
    private static final long MOST_REST_NANOS = TimeUnit.SECONDS.toNanos(5);
    /** Whoever is told of the end may not read it; somebody else who comes takes its place then. */
    private static final long TELLING_MILLIS = 5_000;

    private final String id;
    private final Terminal terminal;
    private final ProcessGroup group;
    private final Consumer<Shell> gone;
    private final Audience audience;
    private final CountDownLatch silent = new CountDownLatch(1);
    private final AtomicLong said = new AtomicLong();
    private final CountDownLatch over = new CountDownLatch(1);
    /** Who was told of the end, or is just being told. */
    private final AtomicReference<ShellSocket> told = new AtomicReference<>();
    private volatile boolean saying;
    private volatile OptionalInt exitCode = OptionalInt.empty();

    private Shell(String id, Terminal terminal, ProcessGroup group, Consumer<Shell> gone) {
        this.id = id;
        this.terminal = terminal;
        this.group = group;
        this.gone = gone;
        this.audience = new Audience(id);
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
        audience.attach(socket);
        try {
            tellEnd();
            int texts = 0;
            for (Optional<ShellSocket.Message> message = socket.read(); message.isPresent(); message = socket.read()) {
                if (!audience.isListening(socket)) {
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
            audience.detach(socket);
        }
    }

    private void take(ShellSocket socket, byte[] message) throws IOException {
        if (message.length == 0) {
            return;
        }
        byte[] content = Arrays.copyOfRange(message, 1, message.length);
        switch (message[0] & 0xff) {
            case ShellWords.STDIN -> {
                if (!hasEnded()) {
                    terminal.write(content);
                }
            }
            case ShellWords.RESIZE -> ShellWords.size(new String(content, StandardCharsets.UTF_8))
                    .ifPresent(size -> terminal.resize(size.columns(), size.rows()));
            case ShellWords.HEARTBEAT -> socket.echo(ShellWords.HEARTBEAT);
            case ShellWords.CLOSE -> {
                socket.echo(ShellWords.CLOSE);
                socket.close(ShellSocket.NORMAL, "The shell was closed");
                end();
            }
            default -> { }
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
                audience.hear(Arrays.copyOf(chunk, n));
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

    /**
     * Returns when nobody is being told that the shell has ended: whoever was told may come again before its end is known here. Does not
     * wait long for one that does not read.
     */
    void awaitTold() {
        try {
            if (told.get() != null) {
                over.await(TELLING_MILLIS, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Tells who is connected that the shell has ended, once; where nobody is, the next one is told. */
    private void tellEnd() {
        Optional<ShellSocket> listener = audience.listener();
        if (exitCode.isEmpty() || listener.isEmpty() || told.getAndSet(listener.get()) == listener.get()) {
            return;
        }
        try {
            tellEnd(listener.get());
            gone.accept(this);
            over.countDown();
        } catch (IOException left) {
            audience.detach(listener.get());
            told.compareAndSet(listener.get(), null);
            tellEnd(); // somebody may have connected meanwhile, and have been told nothing
        }
    }

    private void tellEnd(ShellSocket socket) throws IOException {
        socket.send(ShellWords.STATUS, ShellWords.ended(exitCode.getAsInt()));
        socket.close(ShellSocket.NORMAL, "The shell has ended");
    }
}
