package dev.agentruntime.supervisor;

import java.time.Instant;

/** What is changed of a guest, beside Open Liberty, when it becomes another than its siblings. */
interface Machine {

    /** Reseeds the kernel, then the generators of the supervisor's JVM. */
    void reseed(byte[] secret);

    void setHostName(String name);

    void setClock(Instant time);

    /** Collects garbage in the supervisor's JVM and writes out what the kernel still holds back. */
    void settle();

    /** The guest that this JVM runs in. Needs root. */
    Machine OWN = new Machine() {
        @Override
        public void reseed(byte[] secret) {
            // The kernel comes first, for the generators above it read from it.
            Kernel.reseed(new Entropy(secret, "kernel").bytes("urandom"));
            new Reseeder(new Entropy(secret, "supervisor")).run();
        }

        @Override
        public void setHostName(String name) {
            Kernel.setHostName(name);
            LocalHostCache.clear();
        }

        @Override
        public void setClock(Instant time) {
            Kernel.setClock(time);
        }

        @Override
        public void settle() {
            System.gc();
            Kernel.sync();
        }
    };
}
