package dev.agentruntime.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamTableTest {

    private final ReentrantLock lock = new ReentrantLock();
    private final StreamTable host = new StreamTable(Role.HOST, new Limits(3, 2));

    private StreamState state(int id) {
        return new StreamState(id, 0, Yamux.INITIAL_WINDOW, new ChunkPool(), lock.newCondition(), lock.newCondition());
    }

    private StreamState open(StreamTable table) throws IOException {
        StreamState stream = state(table.reserve());
        table.add(stream);
        return stream;
    }

    private StreamState accept(StreamTable table, int id) throws IOException {
        assertThat(table.admit(id)).isTrue();
        StreamState stream = state(id);
        table.add(stream);
        table.hold(stream);
        return stream;
    }

    @Test
    void idsOfAHostAreOddAndThoseOfAGuestEven() throws Exception {
        assertThat(List.of(open(host).id, open(host).id, open(host).id)).containsExactly(1, 3, 5);
        StreamTable guest = new StreamTable(Role.GUEST, new Limits(3, 2));
        assertThat(List.of(open(guest).id, open(guest).id)).containsExactly(2, 4);
    }

    @Test
    void anIdIsNotUsedAgain() throws Exception {
        host.remove(open(host), 0);
        assertThat(open(host).id).isEqualTo(3);
    }

    @Test
    void streamsOfTheOtherSideDoNotCountAmongOnesOwn() throws Exception {
        host.openDoor();
        accept(host, 2);
        accept(host, 4);
        open(host);
        open(host);
        open(host);
        assertThatThrownBy(() -> open(host)).hasMessageContaining("3 are open");
        assertThat(host.admit(6)).isFalse();
    }

    @Test
    void aGuestTakesItsHostsStreamsAtOnceAndAHostTakesNoneUntilItsDoorIsOpen() throws Exception {
        assertThat(new StreamTable(Role.GUEST, new Limits(0, 1)).admit(1)).isTrue();
        assertThat(host.admit(2)).isFalse();
        host.openDoor();
        assertThat(host.admit(4)).isTrue();
    }

    @Test
    void onAHostAStreamCountsUntilItIsReleased() throws Exception {
        host.openDoor();
        StreamState first = accept(host, 2);
        accept(host, 4);
        host.remove(first, 0);
        assertThat(host.admit(6)).isFalse();
        host.release(first);
        host.release(first);
        assertThat(host.admit(8)).isTrue();
        accept(host, 10);
        assertThat(host.admit(12)).as("released once, however often").isFalse();
    }

    @Test
    void onAGuestAStreamCountsUntilItIsOver() throws Exception {
        StreamTable guest = new StreamTable(Role.GUEST, new Limits(0, 1));
        StreamState first = accept(guest, 1);
        assertThat(guest.admit(3)).isFalse();
        guest.remove(first, 0);
        assertThat(guest.admit(5)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 6})
    void idsThatAreOursOrWereUsedAreRefused(int id) throws Exception {
        host.openDoor();
        accept(host, 6);
        assertThatThrownBy(() -> host.admit(id)).isInstanceOf(ProtocolViolation.class).hasMessageContaining("(stream " + id + ")");
    }

    @Test
    void theHighestIdsAreNumbersAndNotNegative() throws Exception {
        host.openDoor();
        assertThat(host.admit(0xffff_fffe)).isTrue();
        assertThatThrownBy(() -> host.admit(0xffff_fffe)).hasMessageContaining("(stream 4294967294)");
        assertThatThrownBy(() -> host.find(0xffff_fff1)).hasMessageContaining("never opened (stream 4294967281)");
    }

    @Test
    void whatIsOverIsNotFoundAndWhatNeverWasIsAViolation() throws Exception {
        StreamState stream = open(host);
        assertThat(host.find(1)).containsSame(stream);
        host.remove(stream, 0);
        assertThat(host.find(1)).isEmpty();
        assertThatThrownBy(() -> host.find(3)).hasMessageContaining("never opened");
        assertThatThrownBy(() -> host.find(2)).hasMessageContaining("never opened");
    }

    @Test
    void lateDataIsTakenUpToWhatWasAllowedWhenTheStreamWasGivenUp() throws Exception {
        StreamState stream = open(host);
        host.remove(stream, 100);
        host.remove(stream, 100);
        host.late(1, 60);
        host.late(1, 40);
        assertThatThrownBy(() -> host.late(1, 1)).isInstanceOf(ProtocolViolation.class).hasMessageContaining("a stream that has ended");
    }

    @Test
    void theEndOfTheLinkForgetsAllStreams() throws Exception {
        List<StreamState> all = new ArrayList<>(List.of(open(host), open(host)));
        assertThat(host.removeAll()).containsExactlyInAnyOrderElementsOf(all);
        assertThat(host.isEmpty()).isTrue();
        open(host);
        open(host);
        open(host);
    }
}
