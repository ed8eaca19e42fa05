package dev.agentruntime.console;

import dev.agentruntime.api.Caller;
import dev.agentruntime.api.Platform;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.SessionView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What became of sessions that somebody wanted to end.
 *
 * @param ended   whose VMs are gone
 * @param going   that are being ended still
 * @param refused that are not theirs, or not there, or cannot be ended now
 */
record Endings(int ended, int going, int refused) {

    /** Asks for all at once and waits for them together, for a while. */
    static Endings of(List<Picked> picked, Platform platform, Caller caller, Duration patience) {
        List<CompletableFuture<SessionView>> asked = new ArrayList<>();
        int refused = 0;
        for (Picked one : picked) {
            try {
                asked.add(platform.stop(one.agent(), one.id(), caller).toCompletableFuture());
            } catch (RequestException no) {
                refused++;
            }
        }
        int ended = 0;
        int going = 0;
        long until = System.nanoTime() + patience.toNanos();
        for (CompletableFuture<SessionView> one : asked) {
            try {
                one.get(Math.max(0, until - System.nanoTime()), TimeUnit.NANOSECONDS);
                ended++;
            } catch (TimeoutException e) {
                going++;
            } catch (ExecutionException e) {
                refused++;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                going++;
            }
        }
        return new Endings(ended, going, refused);
    }

    /** As the address of the page after it says it. */
    String address() {
        return Fields.encoded("ended", Integer.toString(ended)) + "&" + Fields.encoded("going", Integer.toString(going)) + "&"
                + Fields.encoded("refused", Integer.toString(refused));
    }

    /** In a sentence, of that address. Only numbers are taken from it. */
    static Optional<String> told(Fields query) {
        if (query.first("ended").isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(number(query, "ended") + " ended, " + number(query, "going") + " are being ended, " + number(query, "refused") + " could not be ended.");
    }

    private static String number(Fields query, String name) {
        return query.first(name).filter(text -> text.matches("[0-9]{1,4}")).orElse("0");
    }
}
