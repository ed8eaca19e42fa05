package dev.agentruntime.sessions;

import java.util.concurrent.Executor;

/** Hands what must not be lost to another thread. */
final class Handover {

    private Handover() {}

    /** Has {@code deed} done on {@code threads}; does it at once on the caller's thread where no other can be had. */
    static void to(Executor threads, Runnable deed) {
        try {
            threads.execute(deed);
        } catch (RuntimeException | Error noThread) {
            deed.run();
        }
    }
}
