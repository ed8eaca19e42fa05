package dev.agentruntime.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamespacesTest {

    private static Optional<Strategy> strategy(String template) {
        return Optional.of(StrategyReader.read(StrategyReader.input(StrategyType.SEMANTIC, "facts", "", template), "s", Ids::configured, Instant.EPOCH));
    }

    @Test
    void aPathIsBelowItselfAndAllThatItGoesThrough() {
        assertThat(Namespaces.above("/actors/alice/")).containsExactly("/actors/alice", "/actors", "");
        assertThat(Namespaces.above("/actors/alice")).containsExactly("/actors/alice", "/actors", "");
        assertThat(Namespaces.above("plain")).containsExactly("plain", "");
        assertThat(Namespaces.above("a/b/c")).containsExactly("a/b/c", "a/b", "a", "");
        assertThat(Namespaces.above("/")).containsExactly("");
        assertThat(Namespaces.above("")).containsExactly("");
    }

    @ParameterizedTest
    @CsvSource({"/f/{actorId}/, /f/alice/, alice", "/f/{actorId}/, /f/alice, alice", "/f/{actorId}/, /f/team/alice/, team/alice", "/f/{actorId}/s/{sessionId}/, /f/alice/s/s1/, alice",
        "/{memoryStrategyId}/{actorId}/, /facts-configured/alice/, alice", "/{actorId}/of/{actorId}/, /a/of/a/, a", "/{actorId}/{sessionId}-{sessionId}/, /alice/a-a/, alice"})
    void theActorIsReadOffThePath(String template, String namespace, String actor) {
        assertThat(Namespaces.actor(namespace, strategy(template))).contains(actor);
        assertThat(Namespaces.isOf(namespace, strategy(template), actor)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"/f/{actorId}/, /g/alice/", "/f/{actorId}/, /f/", "/f/{actorId}/s/{sessionId}/, /f/alice/s/", "/{memoryStrategyId}/{actorId}/, /other-configured/alice/",
        "/f/, /f/", "/{actorId}/of/{actorId}/, /a/of/b/", "/{actorId}/{sessionId}-{sessionId}/, /alice/a-b/"})
    void aPathOfAnotherFormTellsNone(String template, String namespace) {
        assertThat(Namespaces.actor(namespace, strategy(template))).isEmpty();
    }

    @Test
    void noActorIsAnotherThatBeginsInTheSameWay() {
        for (String other : List.of("/f/alicex/", "/f/alice/x/", "/f/ali/", "/f/ALICE/", "/f/alice:x/", "/f/alice*/", "/f/")) {
            assertThat(Namespaces.isOf(other, strategy("/f/{actorId}/"), "alice")).as(other).isFalse();
        }
        assertThat(Namespaces.isOf("/f/", strategy("/f/"), "alice")).as("it is everybody's").isFalse();
        assertThat(Namespaces.isOf("/actors/alice/", Optional.empty(), "alice")).isTrue();
        assertThat(Namespaces.isOf("/actors/alice/x/", Optional.empty(), "alice")).isFalse();
    }
}
