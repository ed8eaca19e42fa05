package dev.agentruntime.api;

import java.util.concurrent.CompletionException;

/** What made a stage fail. */
public final class Causes {

    private Causes() {}

    /**
     * {@code failure} without the wrappings that a {@link java.util.concurrent.CompletionStage} may have put around it; the same
     * failure arrives bare or wrapped, depending on whether the stage was complete already.
     */
    public static Throwable bare(Throwable failure) {
        Throwable bare = failure;
        while (bare instanceof CompletionException && bare.getCause() != null) {
            bare = bare.getCause();
        }
        return bare;
    }
}
