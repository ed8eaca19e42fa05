package dev.agentruntime.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class FollowedLogTest {

    private static FollowedLog log(String body) {
        return new FollowedLog(new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void linesThatAgentsMarkAreToldApartFromOthers() throws IOException {
        FollowedLog log = log("""
                id: 1
                data: {"number":1,"source":"messages","severity":"info","text":"CWWKZ0001I: started"}

                :

                id: 2
                data: {"number":2,"source":"stdout","severity":"info","text":"mark 17"}

                id: 3
                data: {"number":3,"source":"stdout","severity":"info","text":"mark 18"}

                """);
        assertThat(log.marks(1)).extracting(mark -> mark.madeMicros()).containsExactly(17L);
        assertThat(log.marks(1)).extracting(mark -> mark.madeMicros()).containsExactly(18L);
    }

    @Test
    void aLogThatEndsEarlyIsAFailure() {
        assertThatThrownBy(() -> log("event: end\ndata: {}\n\n").marks(1)).isInstanceOf(EOFException.class).hasMessageContaining("0 lines of 1");
    }
}
