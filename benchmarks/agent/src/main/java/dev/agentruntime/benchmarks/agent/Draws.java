package dev.agentruntime.benchmarks.agent;

import dev.agentruntime.benchmarks.wire.Drawn;
import dev.agentruntime.benchmarks.wire.Exchanges;
import java.security.SecureRandom;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.ThreadLocalRandom;

/** Draws from each of the JVM's random streams, beside both clocks. */
final class Draws {

    private static final SecureRandom SECURE = new SecureRandom();

    private Draws() {}

    static Drawn now() {
        return new Drawn(Exchanges.nowMicros(), TimeUnit.NANOSECONDS.toMicros(System.nanoTime()), UUID.randomUUID().toString(),
                SECURE.nextLong(), ThreadLocalRandom.current().nextLong());
    }
}
