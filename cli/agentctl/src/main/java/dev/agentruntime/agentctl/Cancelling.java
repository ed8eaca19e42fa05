package dev.agentruntime.agentctl;

import java.util.concurrent.atomic.AtomicReference;

/** While it is open, Ctrl-C ends a request of the server's, and says so. */
final class Cancelling implements AutoCloseable {

    /** How far it is. */
    private enum State { OPEN, CLOSED, CANCELLED }

    private final AtomicReference<State> state = new AtomicReference<>(State.OPEN);
    private final Thread hook;

    private Cancelling(Surroundings surroundings, Runnable cancel, String sentence) {
        hook = new Thread(() -> {
            if (state.compareAndSet(State.OPEN, State.CANCELLED)) {
                surroundings.err().println("\n" + sentence);
                surroundings.err().flush();
                cancel.run();
            }
        }, "agentctl-cancel");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    static Cancelling of(Surroundings surroundings, Runnable cancel, String sentence) {
        return new Cancelling(surroundings, cancel, sentence);
    }

    @Override
    public void close() {
        if (state.compareAndSet(State.OPEN, State.CLOSED)) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException ending) {
                // The process is being ended, and the hook has nothing to do any more.
            }
        } else if (state.get() == State.CANCELLED) {
            // Ctrl-C: the process ends with its code, and not with that of the break that followed.
            park();
        }
    }

    private static void park() {
        try {
            Thread.sleep(10_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
