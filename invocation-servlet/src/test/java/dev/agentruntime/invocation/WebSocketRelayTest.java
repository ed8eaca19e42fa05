package dev.agentruntime.invocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.api.GuestStream;
import dev.agentruntime.api.Invocation.Outcome;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class WebSocketRelayTest {

    private static final Duration SOON = Duration.ofSeconds(5);

    private final Guest guest = new Guest();
    private final Bytes caller = new Bytes();
    private final FakeOutput out = new FakeOutput();
    private final AtomicInteger lineEnded = new AtomicInteger();
    private final AtomicInteger lineClosed = new AtomicInteger();
    private final AtomicInteger watches = new AtomicInteger(1);
    private final CallerLine line = new CallerLine() {
        @Override
        public void end() {
            lineEnded.incrementAndGet();
        }

        @Override
        public void close() {
            lineClosed.incrementAndGet();
        }
    };
    private final List<Outcome> ended = new CopyOnWriteArrayList<>();
    private final List<Runnable> due = new CopyOnWriteArrayList<>();
    private final AtomicReference<Optional<Runnable>> longest = new AtomicReference<>(Optional.empty());
    private Optional<String> sessionEnd = Optional.empty();
    private Runnable beforeCertainty = () -> { };
    private final WebSocketRelay relay = new WebSocketRelay(guest, ByteBuffer.allocate(0), () -> sessionEnd, Runnable::run, (after, task) -> {
        if (after.equals(WebSocketRelay.CERTAINTY)) {
            beforeCertainty.run();
            task.run();
        } else if (after.equals(WebSocketRelay.LONGEST)) {
            longest.set(Optional.of(task));
        } else {
            due.add(task);
        }
        return () -> {
            due.remove(task);
            longest.set(longest.get().filter(other -> other != task));
        };
    }, ended::add);

    /** A guest whose window and whose words the test decides. */
    private static final class Guest implements GuestStream {
        final ByteBuffer taken = ByteBuffer.allocate(1 << 20);
        ByteBuffer says = ByteBuffer.allocate(0);
        int window = Integer.MAX_VALUE;
        boolean gone;
        boolean broken;
        boolean shut;
        boolean closed;
        volatile boolean waits;
        volatile Runnable readable = () -> { };
        Runnable writable = () -> { };

        @Override
        public int read(ByteBuffer target) throws IOException {
            if (!says.hasRemaining()) {
                if (gone) {
                    throw new IOException("reset");
                }
                return 0;
            }
            int bytes = Math.min(target.remaining(), says.remaining());
            target.put(says.slice(says.position(), bytes));
            says.position(says.position() + bytes);
            return bytes;
        }

        void says(byte[] frame) {
            says = ByteBuffer.wrap(frame);
            readable.run();
        }

        void open(int bytes) {
            window = bytes;
            writable.run();
        }

        @Override
        public void onReadable(Runnable callback) {
            readable = callback;
            waits = true;
        }

        @Override
        public int write(ByteBuffer source) {
            if (broken) {
                throw new UnsupportedOperationException("nobody thought of this");
            }
            int bytes = Math.min(window, source.remaining());
            window -= bytes;
            taken.put(source.slice(source.position(), bytes));
            source.position(source.position() + bytes);
            return bytes;
        }

        @Override
        public void onWritable(Runnable callback) {
            writable = callback;
        }

        @Override
        public void shutdownOutput() {
            shut = true;
        }

        @Override
        public void close() {
            closed = true;
        }

        Frames.Frame frame() throws IOException {
            byte[] bytes = new byte[taken.position()];
            taken.flip().get(bytes);
            taken.clear();
            return Frames.read(new ByteArrayInputStream(bytes));
        }
    }

    /** A caller that sends when it is asked. */
    private static final class Bytes implements CallerBytes {
        final AtomicReference<Optional<Receiver>> asked = new AtomicReference<>(Optional.empty());
        int times;

        @Override
        public void next(Receiver receiver) {
            times++;
            asked.set(Optional.of(receiver));
        }

        void send(byte[] bytes) {
            asked.getAndSet(Optional.empty()).orElseThrow(() -> new AssertionError("nobody asks")).arrived(ByteBuffer.wrap(bytes));
        }
    }

    private void open() {
        relay.open(caller, out, line, () -> watches.decrementAndGet());
        await().atMost(SOON).until(() -> guest.waits);
    }

    /** So much that all is due that is due now. */
    private void timePasses() {
        List<Runnable> now = List.copyOf(due);
        due.removeAll(now);
        now.forEach(Runnable::run);
    }

    private Frames.Frame told() throws IOException {
        await().atMost(SOON).until(() -> out.bytes().length > 3);
        return Frames.read(new ByteArrayInputStream(out.bytes()));
    }

    private void endedAs(Outcome... outcomes) {
        await().atMost(SOON).untilAsserted(() -> assertThat(ended).containsExactly(outcomes));
    }

    @Test
    void aGuestThatDoesNotReadIsNotReadFor() throws IOException {
        open();
        guest.window = 3;
        caller.send(Frames.text("hello"));
        assertThat(caller.asked.get()).isEmpty();
        guest.open(4);
        assertThat(caller.asked.get()).isEmpty();
        guest.open(100);
        assertThat(caller.asked.get()).isPresent();
        assertThat(guest.frame().text()).isEqualTo("hello");
    }

    @Test
    void theEndOfTheSessionIsSaidInBothPlaces() throws IOException {
        open();
        sessionEnd = Optional.of("Stopped on request");
        guest.gone = true;
        guest.readable.run();
        assertThat(told().code()).isEqualTo(1001);
        endedAs(Outcome.SUCCESS);
        assertThat(lineEnded).hasValue(1);
        assertThat(lineClosed).hasValue(0);
        assertThat(guest.closed).isTrue();
        caller.send(new byte[70_000]);
        caller.asked.get().orElseThrow().left(new IOException("it has read all"));
        assertThat(lineClosed).hasValue(1);
    }

    @Test
    void aGuestThatDiesAloneIsAtFault() throws IOException {
        open();
        guest.gone = true;
        guest.readable.run();
        assertThat(told().code()).isEqualTo(1011);
        endedAs(Outcome.AGENT_ERROR);
    }

    @Test
    void aVmThatDiesIsGivenTimeToBeFoundDead() throws IOException {
        open();
        AtomicInteger asked = new AtomicInteger();
        beforeCertainty = () -> {
            if (asked.incrementAndGet() == 4) {
                sessionEnd = Optional.of("The VM was killed by hand");
            }
        };
        guest.gone = true;
        guest.readable.run();
        assertThat(told().code()).isEqualTo(1001);
        assertThat(told().reason()).isEqualTo("The session has ended: The VM was killed by hand");
        endedAs(Outcome.SUCCESS);
    }

    @Test
    void whatNobodyThoughtOfClosesAllAndIsToldAsThePlatforms() {
        open();
        guest.broken = true;
        caller.send(Frames.text("hello"));
        endedAs(Outcome.PLATFORM_ERROR);
        assertThat(guest.closed).isTrue();
        assertThat(lineClosed).hasValue(1);
    }

    @Test
    void aCallerThatLeavesIsToldToTheGuestAndItsPlaceGivenBackAfterATime() throws IOException {
        open();
        caller.asked.get().orElseThrow().left(new IOException("gone"));
        assertThat(guest.frame().code()).isEqualTo(1001);
        assertThat(guest.shut).isTrue();
        assertThat(ended).isEmpty();
        timePasses();
        endedAs(Outcome.ABANDONED);
        assertThat(guest.closed).isTrue();
    }

    @Test
    void aCloseFrameThatIsNotAnsweredEndsItAfterATime() throws IOException {
        open();
        caller.send(Frames.close(4000, true));
        assertThat(guest.frame().code()).isEqualTo(4000);
        assertThat(ended).isEmpty();
        timePasses();
        assertThat(told().code()).isEqualTo(4000);
        timePasses();
        endedAs(Outcome.SUCCESS);
    }

    @Test
    void stoppingDoesNotBreakIntoAFrame() throws IOException {
        open();
        byte[] frame = Frames.plain(Frames.FIN | Frames.BINARY, new byte[100]);
        guest.says(Arrays.copyOf(frame, 50));
        relay.stop(1001, "time is up");
        await().atMost(SOON).untilAsserted(() -> assertThat(out.bytes()).hasSize(50));
        guest.says(Arrays.copyOfRange(frame, 50, frame.length));
        await().atMost(SOON).until(() -> out.bytes().length > 106);
        ByteArrayInputStream all = new ByteArrayInputStream(out.bytes());
        assertThat(Frames.read(all).payload()).hasSize(100);
        assertThat(Frames.read(all).code()).isEqualTo(1001);
    }

    @Test
    void aConnectionThatTheContainerNeverHandsOverKeepsNoPlace() {
        timePasses();
        timePasses();
        endedAs(Outcome.ABANDONED);
        assertThat(guest.closed).isTrue();
    }

    @Test
    void aCallerThatHasEndedCountsAsGoneWhenItsGuestDoesNotRead() {
        open();
        guest.window = 3;
        caller.send(Frames.text("hello"));
        relay.callerEnded();
        assertThat(lineClosed).hasValue(0);
        timePasses();
        assertThat(lineClosed).hasValue(1);
        timePasses();
        endedAs(Outcome.ABANDONED);
        assertThat(guest.closed).isTrue();
    }

    @Test
    void whatACallerHasSentBeforeItEndedIsCarriedAsLongAsItsGuestTakesSome() throws IOException {
        open();
        guest.window = 3;
        caller.send(Frames.text("hello"));
        relay.callerEnded();
        guest.open(4);
        timePasses();
        assertThat(lineClosed).hasValue(0);
        guest.open(100);
        assertThat(guest.frame().text()).isEqualTo("hello");
        timePasses();
        assertThat(lineClosed).hasValue(0);
        timePasses();
        assertThat(lineClosed).hasValue(1);
    }

    @Test
    void nothingOfItIsKeptWhenItHasEnded() {
        open();
        assertThat(longest.get()).isPresent();
        relay.gone();
        timePasses();
        endedAs(Outcome.ABANDONED);
        assertThat(longest.get()).isEmpty();
        assertThat(watches).hasValue(0);
        assertThat(due).isEmpty();
    }

    @Test
    void aConnectionThatComesWhenItWasGivenUpIsClosed() {
        relay.gone();
        relay.open(caller, out, line, () -> watches.decrementAndGet());
        assertThat(lineClosed).hasValue(1);
        assertThat(watches).hasValue(0);
        assertThat(longest.get()).isEmpty();
        assertThat(caller.asked.get()).isEmpty();
    }

    @Test
    void itIsOpenForAnHourAtMost() throws IOException {
        open();
        longest.get().orElseThrow().run();
        assertThat(told().code()).isEqualTo(1001);
        assertThat(told().reason()).contains("open for 60 minutes");
        timePasses();
        endedAs(Outcome.SUCCESS);
    }

    @Test
    void itEndsOnce() {
        open();
        relay.gone();
        relay.gone();
        relay.stop(1001, "again");
        timePasses();
        timePasses();
        await().atMost(SOON).untilAsserted(() -> assertThat(ended).hasSize(1));
        assertThat(lineClosed).hasValue(1);
    }
}
