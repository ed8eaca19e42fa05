package dev.agentruntime.libvirt;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** Does one thing at a time for each key. Remembers a key only while somebody has its turn or waits for it. Thread-safe. */
final class Turns {

    private final Map<String, Turn> turns = new HashMap<>();

    private static final class Turn {
        private final ReentrantLock lock = new ReentrantLock();
        private int askers;
    }

    /** Waits for the key's turn, then does the work. */
    <T> T in(String key, Supplier<T> work) {
        Turn turn = ask(key);
        turn.lock.lock();
        try {
            return work.get();
        } finally {
            turn.lock.unlock();
            leave(key, turn);
        }
    }

    private synchronized Turn ask(String key) {
        Turn turn = turns.computeIfAbsent(key, k -> new Turn());
        turn.askers++;
        return turn;
    }

    private synchronized void leave(String key, Turn turn) {
        turn.askers--;
        if (turn.askers == 0) {
            turns.remove(key);
        }
    }

    /** How many keys are remembered. */
    synchronized int size() {
        return turns.size();
    }
}
