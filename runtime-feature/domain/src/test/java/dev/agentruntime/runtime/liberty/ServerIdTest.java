package dev.agentruntime.runtime.liberty;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ServerIdTest {

    @Test
    void theServersIdIsStableShortAndItsOwn() {
        String id = ServerId.of("defaultServer", "/srv/server");
        assertThat(id).matches("[a-z0-9]{1,16}").startsWith("defaults").isEqualTo(ServerId.of("defaultServer", "/srv/server"));
        assertThat(ServerId.of("defaultServer", "/srv/other")).isNotEqualTo(id);
    }
}
