package dev.agentruntime.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

final class CausesTest {

    private static final Exception FAILURE = new IllegalStateException("It broke.", new RuntimeException("Its own cause."));

    @Test
    void aFailureIsFoundHoweverOftenItIsWrapped() {
        assertThat(Causes.bare(FAILURE)).isSameAs(FAILURE);
        assertThat(Causes.bare(new CompletionException(FAILURE))).isSameAs(FAILURE);
        assertThat(Causes.bare(new CompletionException(new CompletionException(FAILURE)))).isSameAs(FAILURE);
    }

    @Test
    void aWrappingWithNothingInItIsTheFailure() {
        CompletionException empty = new CompletionException("Nothing inside.", null);
        assertThat(Causes.bare(empty)).isSameAs(empty);
    }
}
