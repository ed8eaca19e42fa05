package dev.agentruntime.supervisor;

import dev.agentruntime.channel.ControlMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.regex.Pattern;

/** Makes this guest a different one from every other clone of its template: randomness, name, hooks, clock. */
final class NewIdentity {
    private static final Pattern HOST_NAME = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9-]{0,62})");

    private final Hygiene liberty;
    private final Path hosts;

    NewIdentity(Hygiene liberty, Path hosts) {
        this.liberty = liberty;
        this.hosts = hosts;
    }

    /**
     * Does all of it; may be done any number of times, which is also how it is warmed before a snapshot.
     *
     * @throws GuestException a step failed, and no request may be routed to this guest
     */
    void assume(ControlMessage begin) {
        HostClock clock = HostClock.of(begin);
        String hostName = ControlFields.required(begin, "hostname");
        if (!HOST_NAME.matcher(hostName).matches()) {
            throw new GuestException("'" + hostName + "' is no host name: letters, digits and '-', at most 63 of them.");
        }
        byte[] secret = entropy(begin);
        // The kernel comes first, for the generators above it read from it. The time is needed by the agent's hooks.
        Kernel.reseed(new Entropy(secret, "kernel").bytes("urandom"));
        new Reseeder(new Entropy(secret, "supervisor")).run();
        Kernel.setHostName(hostName);
        writeHosts(hostName);
        LocalHostCache.clear();
        clock.set();
        liberty.call(ControlMessage.of(HygieneServer.BEGIN)
                .with("entropy", Base64.getEncoder().encodeToString(new Entropy(secret, "liberty").bytes("process")))
                .with("sessionId", ControlFields.required(begin, "sessionId")));
        clock.set();
    }

    private static byte[] entropy(ControlMessage begin) {
        try {
            return Base64.getDecoder().decode(ControlFields.required(begin, "entropy"));
        } catch (IllegalArgumentException e) {
            throw new GuestException("The field entropy of 'begin' is not Base64.", e);
        }
    }

    private void writeHosts(String hostName) {
        try {
            Files.writeString(hosts, "127.0.0.1 localhost " + hostName + "\n");
        } catch (IOException e) {
            throw new GuestException("The guest's " + hosts + " could not be written: " + e.getMessage(), e);
        }
    }

    /** The host's time when it sent the message, carried on by the time that has passed since it was read. */
    record HostClock(Instant sent, long readAtNanos) {

        static HostClock of(ControlMessage message) {
            return new HostClock(Instant.ofEpochMilli(ControlFields.number(message, "epochMillis")), System.nanoTime());
        }

        void set() {
            Kernel.setClock(sent.plus(Duration.ofNanos(System.nanoTime() - readAtNanos)));
        }
    }
}
