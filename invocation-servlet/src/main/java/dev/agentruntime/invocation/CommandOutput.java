package dev.agentruntime.invocation;

import dev.agentruntime.api.GuestStream;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.io.Content;

/**
 * What a command in a guest says, as events for its caller, read as its caller takes them. The guest is hostile until proven otherwise:
 * what it sends is bounded, and what is no piece of output ends the stream.
 */
final class CommandOutput implements Content.Source {

    /** Of output, as AgentCore has it for an answer. */
    static final long MOST_BYTES = 100_000_000;

    private static final int MOST_IN_PIECE = 64 * 1024;
    /** So much in one event: its JSON may be six times as long, and has 64 KiB at most. */
    private static final int MOST_IN_EVENT = 8 * 1024;
    private static final int PIECE_HEAD = 5;
    private static final int MOST_IN_END = 1024;
    private static final int STDOUT = 1;
    private static final int STDERR = 2;
    private static final int END = 3;
    private static final Pattern CODE = Pattern.compile("(exit|timeout) (\\d{1,9})");

    private final GuestStream guest;
    private final Executor executor;
    private final Supplier<Optional<String>> sessionEnd;
    private final long mostBytes;
    private final ByteBuffer order;
    private final ByteBuffer read = ByteBuffer.allocate(MOST_IN_EVENT).limit(0);
    private final ByteBuffer head = ByteBuffer.allocate(PIECE_HEAD);
    private final ByteBuffer end = ByteBuffer.allocate(MOST_IN_END);
    private final Text output = new Text("stdout");
    private final Text errors = new Text("stderr");
    private final Deque<byte[]> events = new ArrayDeque<>();
    private int what;
    private int rest;
    private long bytes;
    private boolean last;
    private volatile boolean completed;
    private volatile Optional<String> cancelled = Optional.empty();
    private volatile Runnable waiting = () -> { };

    /** @param sessionEnd why the session has ended; empty while it lives */
    CommandOutput(GuestStream guest, CommandOrder order, Executor executor, Supplier<Optional<String>> sessionEnd) {
        this(guest, order, executor, sessionEnd, MOST_BYTES);
    }

    /** @param mostBytes of output */
    CommandOutput(GuestStream guest, CommandOrder order, Executor executor, Supplier<Optional<String>> sessionEnd, long mostBytes) {
        this.mostBytes = mostBytes;
        this.guest = guest;
        this.executor = executor;
        this.sessionEnd = sessionEnd;
        this.order = ByteBuffer.wrap(order.encoded());
        events.add(event("contentStart", Json.createObjectBuilder().build()));
        send();
    }

    /** Output of one kind; a character may come in parts. */
    private static final class Text {
        private final String name;
        private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPLACE)
                .onUnmappableCharacter(CodingErrorAction.REPLACE);
        private final ByteBuffer undecoded = ByteBuffer.allocate(MOST_IN_EVENT + 8);

        Text(String name) {
            this.name = name;
        }

        String take(ByteBuffer bytes, boolean all) {
            undecoded.put(bytes).flip();
            CharBuffer text = CharBuffer.allocate(undecoded.remaining() + 8);
            decoder.decode(undecoded, text, all);
            undecoded.compact();
            return text.flip().toString();
        }
    }

    /** Whether the command has come to its end, in time or not. */
    boolean isCompleted() {
        return completed;
    }

    private void send() {
        try {
            while (order.hasRemaining()) {
                if (guest.write(order) == 0) {
                    guest.onWritable(() -> executor.execute(this::send));
                    return;
                }
            }
        } catch (IOException gone) {
            // Reading finds it out, and tells why.
        }
    }

    @Override
    public Content.Chunk read() {
        while (events.isEmpty() && !last) {
            if (cancelled.isPresent()) {
                fail("internalServerException", cancelled.get());
            } else if (!readSome()) {
                return null;
            }
        }
        byte[] event = events.poll();
        return event == null ? Content.Chunk.EOF : Content.Chunk.from(ByteBuffer.wrap(event), last && events.isEmpty());
    }

    /** Whether there was something to read, if only the end. */
    private boolean readSome() {
        try {
            if (!read.hasRemaining()) {
                int count = guest.read(read.clear());
                read.flip();
                if (count == 0) {
                    return false;
                }
                if (count < 0) {
                    broken("The guest ended before the command did");
                    return true;
                }
            }
            take();
        } catch (IOException reset) {
            read.clear().limit(0);
            broken("The guest does not run commands, or was cut off: " + NoAnswer.reason(reset));
        }
        return true;
    }

    private void take() {
        if (rest == 0) {
            while (head.hasRemaining() && read.hasRemaining()) {
                head.put(read.get());
            }
            if (!head.hasRemaining()) {
                head.flip();
                what = head.get();
                rest = head.getInt();
                head.clear();
                begin();
            }
            return;
        }
        ByteBuffer piece = read.slice(read.position(), Math.min(rest, read.remaining()));
        read.position(read.position() + piece.remaining());
        rest -= piece.remaining();
        if (what == END) {
            end.put(piece);
            if (rest == 0) {
                finish(new String(end.array(), 0, end.position(), StandardCharsets.UTF_8));
            }
            return;
        }
        bytes += piece.remaining();
        if (bytes > mostBytes) {
            fail("runtimeClientError", "The command has said more than " + mostBytes + " bytes; it was ended. Have it write to a file");
        } else {
            delta(what == STDOUT ? output : errors, piece, false);
        }
    }

    private void begin() {
        boolean known = what == STDOUT || what == STDERR || what == END;
        if (!known || rest < 1 || rest > (what == END ? MOST_IN_END : MOST_IN_PIECE)) {
            broken("The guest has sent what is no output of a command");
        }
    }

    private void delta(Text text, ByteBuffer piece, boolean all) {
        String decoded = text.take(piece, all);
        if (!decoded.isEmpty()) {
            events.add(event("contentDelta", Json.createObjectBuilder().add(text.name, decoded).build()));
        }
    }

    private void finish(String said) {
        Matcher code = CODE.matcher(said);
        if (!code.matches()) {
            fail("runtimeClientError", said.startsWith("failed ") ? "The guest could not run the command: " + Fault.excerpt(said.substring("failed ".length()))
                    : "The guest has sent what is no end of a command");
            return;
        }
        delta(output, ByteBuffer.allocate(0), true);
        delta(errors, ByteBuffer.allocate(0), true);
        events.add(event("contentStop", Json.createObjectBuilder().add("exitCode", Integer.parseInt(code.group(2)))
                .add("status", code.group(1).equals("exit") ? "COMPLETED" : "TIMED_OUT").build()));
        completed = true;
        last = true;
        guest.shutdownOutput();
        guest.close();
    }

    private void broken(String otherwise) {
        fail("runtimeClientError", sessionEnd.get().map(why -> "The session ended before the command did: " + why).orElse(otherwise));
    }

    private void fail(String type, String message) {
        if (!last) {
            last = true;
            events.add(EventStream.exception(type, Json.createObjectBuilder().add("message", message).build().toString()));
            guest.close();
        }
    }

    private static byte[] event(String name, JsonObject content) {
        return EventStream.event("chunk", Json.createObjectBuilder().add(name, content).build().toString());
    }

    @Override
    public void demand(Runnable callback) {
        waiting = callback;
        guest.onReadable(() -> executor.execute(this::wake));
        if (cancelled.isPresent()) {
            executor.execute(this::wake);
        }
    }

    private void wake() {
        Runnable callback;
        synchronized (this) {
            callback = waiting;
            waiting = () -> { };
        }
        callback.run();
    }

    @Override
    public void fail(Throwable failure) {
        cancel(failure.toString());
    }

    /** Ends the command, of which its caller is told that the platform did. */
    void cancel(String why) {
        cancelled = Optional.of(why);
        guest.close();
        wake();
    }
}
