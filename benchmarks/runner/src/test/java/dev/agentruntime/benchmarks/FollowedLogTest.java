package dev.agentruntime.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.agentruntime.benchmarks.wire.Exchanges;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class FollowedLogTest {

    private static FollowedLog log(String body) {
        return new FollowedLog(new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void linesThatAgentsMarkAreToldApartFromOthers() throws IOException {
        FollowedLog log = log("""
                id: 1
                data: {"number":1,"time":"1970-01-01T00:00:00Z","source":"messages","severity":"info","text":"CWWKZ0001I: started"}

                :

                id: 2
                data: {"number":2,"time":"1970-01-01T00:00:00.003Z","source":"stdout","severity":"info","text":"mark 17"}

                id: 3
                data: {"number":3,"time":"1970-01-01T00:00:00Z","source":"stdout","severity":"info","text":"mark 18"}

                """);
        assertThat(log.marks(1)).extracting(FollowedLog.Mark::printedMicros, FollowedLog.Mark::heldMicros).containsExactly(tuple(17L, 3000L));
        assertThat(log.marks(1)).extracting(FollowedLog.Mark::printedMicros).containsExactly(18L);
    }

    @Test
    void aLineIsOnItsWayWithinTheGuestFromItsPrintUntilTheSupervisorHasIt() {
        assertThat(new FollowedLog.Mark(1_500, 4_000, 9_000).heldAfterNanos()).isEqualTo(2_500_000);
        assertThat(new FollowedLog.Mark(1_500, 1_000, 9_000).heldAfterNanos()).as("whole milliseconds").isZero();
    }

    @Test
    void aLineHasComeWhenItCameHoweverLateItIsAskedFor() throws Exception {
        PipedOutputStream server = new PipedOutputStream();
        try (FollowedLog log = new FollowedLog(new PipedInputStream(server))) {
            server.write("data: {\"number\":1,\"time\":\"1970-01-01T00:00:00Z\",\"text\":\"mark 1\"}\n".getBytes(StandardCharsets.UTF_8));
            server.flush();
            await().until(() -> log.waiting() == 1);
            long seen = Exchanges.nowMicros();
            assertThat(log.marks(1)).singleElement().satisfies(mark -> assertThat(mark.cameMicros()).isLessThanOrEqualTo(seen));
            server.close();
        }
    }

    @Test
    void aLogInWhichNothingIsWrittenIsLeftAtOnce() throws IOException {
        FollowedLog log = new FollowedLog(new PipedInputStream(new PipedOutputStream()));
        assertTimeoutPreemptively(Duration.ofSeconds(5), log::close);
    }

    @Test
    void aLogThatEndsEarlyIsAFailure() {
        assertThatThrownBy(() -> log("event: end\ndata: {}\n\n").marks(1)).isInstanceOf(EOFException.class).hasMessage("Of 1 lines 0 came: the log ended");
    }
}
