package dev.agentruntime.supervisor;

import dev.agentruntime.channel.ControlMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Makes this guest a different one from every other clone of its template: randomness, name, clock, session. */
final class NewIdentity {
    private static final Pattern HOST_NAME = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9-]{0,62})");

    private final Hygiene liberty;
    private final HostsFile hosts;
    private final Consumer<List<Outbound>> wayOut;
    private final Machine machine;
    /** Whether there is anyone to tell of a session; a call into the other process costs an emulated guest milliseconds. */
    private volatile Hooks hooks = Hooks.UNKNOWN;

    private volatile boolean environmentGiven;
    private volatile byte[] environment = {};

    private enum Hooks { UNKNOWN, NONE, SOME }

    /** @param wayOut told which names lead out */
    NewIdentity(Hygiene liberty, HostsFile hosts, Consumer<List<Outbound>> wayOut, Machine machine) {
        this.liberty = liberty;
        this.hosts = hosts;
        this.wayOut = wayOut;
        this.machine = machine;
    }

    /**
     * All but the session; may be done any number of times, which is also how it is warmed before a snapshot.
     *
     * @throws GuestException a step failed, and no request may be routed to this guest
     */
    void renew(ControlMessage renew) {
        HostClock clock = HostClock.of(renew);
        String hostName = ControlFields.required(renew, "hostname");
        if (!HOST_NAME.matcher(hostName).matches()) {
            throw new GuestException("'" + hostName + "' is no host name: letters, digits and '-', at most 63 of them.");
        }
        byte[] secret = entropy(renew);
        machine.reseed(secret);
        hosts.name(hostName);
        machine.setHostName(hostName);
        ControlMessage reply = liberty.call(ControlMessage.of(HygieneServer.RENEW)
                .with("entropy", Base64.getEncoder().encodeToString(new Entropy(secret, "liberty").bytes("process"))));
        hooks = reply.field(HygieneServer.HOOKS).filter("0"::equals).isPresent() ? Hooks.NONE : Hooks.SOME;
        clock.set(machine);
    }

    /** Sets the clock. */
    void setClock(ControlMessage message) {
        HostClock.of(message).set(machine);
    }

    /**
     * Sets the clock, opens the ways to the session's outbounds, sets its environment and tells the agent's hooks of it.
     *
     * @param environment as in /proc/PID/environ
     * @throws GuestException a hook failed, and no request may be routed to this guest
     */
    void begin(ControlMessage begin, byte[] environment) {
        this.environment = environment.clone();
        String sessionId = ControlFields.required(begin, "sessionId");
        List<Outbound> outbounds = Outbound.list(begin.field("outbounds").orElse(""));
        setClock(begin);
        wayOut.accept(outbounds);
        hosts.leadOut(outbounds);
        if (hooks != Hooks.NONE || environment.length > 0 || environmentGiven) {
            liberty.call(ControlMessage.of(HygieneServer.BEGIN).with("sessionId", sessionId), environment);
            environmentGiven = environment.length > 0;
        }
    }

    /**
     * Sets the clock, for the guest may have stood still, and tells the agent's hooks that its session ends.
     *
     * @throws GuestException a hook failed
     */
    void end(ControlMessage end) {
        setClock(end);
        if (hooks != Hooks.NONE) {
            liberty.call(ControlMessage.of(HygieneServer.END));
        }
    }

    /** The session's variables, for programs that are started in the guest beside its agent. */
    Map<String, String> environment() {
        return SessionEnvironment.parse(environment);
    }

    private static byte[] entropy(ControlMessage renew) {
        try {
            byte[] secret = Base64.getDecoder().decode(ControlFields.required(renew, "entropy"));
            // Refuses what is too short before anything is changed.
            new Entropy(secret, "all");
            return secret;
        } catch (IllegalArgumentException e) {
            throw new GuestException("The field entropy of 'renew' is not Base64.", e);
        }
    }

    /** The host's time when it sent the message, carried on by the time that has passed since it was read. */
    private record HostClock(Instant sent, long readAtNanos) {

        static HostClock of(ControlMessage message) {
            return new HostClock(Instant.ofEpochMilli(ControlFields.number(message, "epochMillis")), System.nanoTime());
        }

        void set(Machine machine) {
            machine.setClock(sent.plus(Duration.ofNanos(System.nanoTime() - readAtNanos)));
        }
    }
}
