package dev.agentruntime.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AgentPathsTest {

    @ParameterizedTest
    @ValueSource(strings = {"/", "/ping", "/api/orders;v=1?a=b&c=%20", "/a//b", "/~x/@y:z"})
    void whatCanStandInARequestIsAPath(String path) {
        assertThat(new AgentPaths(path, path).ping()).isEqualTo(path);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ping", "//evil.example/", "http://evil.example/", "/a b", "/a\r\nHost: b", "/a\tb", "/a#b", "/é", "/%", "/%2", "/%zz", "/\\", "/\"", "/<"})
    void whatCouldChangeARequestIsNone(String path) {
        assertThatThrownBy(() -> new AgentPaths(path, "/")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new AgentPaths("/", path)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aPathHas256CharactersAtMost() {
        assertThat(AgentPaths.isPath("/" + "a".repeat(255))).isTrue();
        assertThat(AgentPaths.isPath("/" + "a".repeat(256))).isFalse();
    }
}
