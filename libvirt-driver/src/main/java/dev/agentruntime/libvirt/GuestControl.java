package dev.agentruntime.libvirt;

import dev.agentruntime.api.PingAnswer;
import dev.agentruntime.channel.ControlExchange;
import dev.agentruntime.channel.ControlMessage;
import dev.agentruntime.channel.ControlReply;
import dev.agentruntime.channel.HostLink;
import dev.agentruntime.features.Provision;
import dev.agentruntime.spi.AgentStartException;
import dev.agentruntime.spi.SessionStart;
import dev.agentruntime.spi.VmException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/** What the driver asks the supervisor in a guest. Thread-safe; the methods block and throw VmException without an answer. */
final class GuestControl {

    static final String LAST_SAID = "rehearsal: the last line";

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int ENTROPY_BYTES = 64;
    /** What a guest's clock may be off by, the way of its answer included. */
    private static final long CLOCK_TOLERANCE_MILLIS = 40;
    private static final Duration LIMIT = Duration.ofSeconds(60);
    /** A ping's body is cut at this size in the guest; one that sends more is not ours. */
    private static final int LARGEST_PING = 4096;
    private static final int KEPT_LINES = 200;
    private static final int SHOWN_LINES = 5;
    private static final Duration GRACE = Duration.ofSeconds(5);
    /** For the way of an answer. */
    private static final Duration ANSWER = Duration.ofSeconds(1);

    private final HostLink link;
    private final String vm;

    GuestControl(HostLink link, String vm) {
        this.link = link;
        this.vm = vm;
    }

    /** Waits until the guest's server is up. */
    void await(Duration limit) {
        confirmed(call(ControlMessage.of("await"), limit), "did not start its server");
    }

    /**
     * Adds features and configuration to the guest's server, before it gets a WAR.
     *
     * @throws AgentStartException the server does not take them
     */
    void equip(AgentWar agent, Duration limit) {
        Provision provision = agent.provision();
        try (EquipmentBody body = new EquipmentBody(agent)) {
            ControlMessage request = ControlMessage.of("features").with("timeoutMillis", limit.toMillis() + "").withLength(body.length());
            ControlMessage named = provision.features().isEmpty() ? request : request.with("features", String.join(",", provision.features()));
            ControlReply reply = ControlExchange.call(link, named, body.stream(), limit.plus(GRACE));
            if (!reply.isOk()) {
                throw new AgentStartException(GuestText.sentence(reply.message()), GuestText.lines(reply.text(), KEPT_LINES));
            }
        } catch (IOException | UncheckedIOException e) {
            throw new VmException("The VM " + vm + " could not be given the features of its agent: " + e.getMessage(), e);
        }
    }

    /**
     * Waits until the WAR answers its ping.
     *
     * @param ping where it does
     * @throws AgentStartException the WAR does not start
     */
    void deploy(Path war, String ping, Duration limit) {
        try (InputStream body = Files.newInputStream(war)) {
            ControlMessage request = ControlMessage.of("deploy").with("timeoutMillis", limit.toMillis() + "").with("ping", ping).withLength(Files.size(war));
            ControlReply reply = ControlExchange.call(link, request, body, limit.plus(GRACE));
            if (!reply.isOk()) {
                throw new AgentStartException(GuestText.sentence(reply.message()), GuestText.lines(reply.text(), KEPT_LINES));
            }
        } catch (IOException e) {
            throw new VmException("The WAR " + war + " could not be deployed into the VM " + vm + ": " + e.getMessage(), e);
        }
    }

    /** Takes the WAR out again. */
    void undeploy() {
        confirmed(call(ControlMessage.of("undeploy"), LIMIT), "did not take its WAR out");
    }

    /** Makes the guest another than every other clone: randomness, a name and the time. */
    void renew(String hostName) {
        byte[] entropy = new byte[ENTROPY_BYTES];
        RANDOM.nextBytes(entropy);
        ControlMessage request = ControlMessage.of("renew")
                .with("entropy", Base64.getEncoder().encodeToString(entropy))
                .with("epochMillis", System.currentTimeMillis() + "")
                .with("hostname", hostName);
        confirmed(call(request, LIMIT), "did not take an identity of its own");
    }

    /** Gives the guest, once renewed, its session, the time, the environment and the names that lead out. */
    void begin(SessionStart start) {
        byte[] environment = environment(start);
        ControlMessage request = ControlMessage.of("begin")
                .with("epochMillis", System.currentTimeMillis() + "").with("sessionId", start.sessionId());
        if (!start.outbounds().isEmpty()) {
            request = request.with("outbounds", start.outbounds().stream().map(o -> o.name() + ":" + o.port()).collect(Collectors.joining(",")));
        }
        ControlReply reply = call(environment.length == 0 ? request : request.withLength(environment.length), new ByteArrayInputStream(environment), LIMIT);
        confirmed(reply, "did not begin its session");
        correctClock(reply);
    }

    /** In the form of /proc/PID/environ. */
    private static byte[] environment(SessionStart start) {
        return start.environment().entrySet().stream().map(variable -> variable.getKey() + "=" + variable.getValue() + "\0")
                .collect(Collectors.joining()).getBytes(StandardCharsets.UTF_8);
    }

    /** Puts the guest's clock right. */
    void setClock() {
        correctClock(clock(System.currentTimeMillis()));
    }

    /** A guest that was slow to read the time got an old one. The way is warm by then: once more, with half of the round trip. */
    private void correctClock(ControlReply reply) {
        long begun = System.currentTimeMillis();
        if (Math.abs(begun - time(reply)) <= CLOCK_TOLERANCE_MILLIS) {
            return;
        }
        clock(begun);
        long now = System.currentTimeMillis();
        clock(now + (now - begun) / 2);
    }

    private long time(ControlReply reply) {
        String text = reply.head().field("epochMillis").orElse("");
        if (!text.matches("\\d{1,18}")) {
            throw new VmException("The VM " + vm + " answered '" + GuestText.sentence(text) + "' when asked for its time. Build the guest image anew");
        }
        return Long.parseLong(text);
    }

    private ControlReply clock(long epochMillis) {
        ControlReply reply = call(ControlMessage.of("clock").with("epochMillis", epochMillis + ""), LIMIT);
        confirmed(reply, "did not set its clock");
        return reply;
    }

    PingAnswer.Replied ping(Duration limit) {
        ControlReply reply = call(ControlMessage.of("ping").with("timeoutMillis", limit.toMillis() + ""), limit, LARGEST_PING);
        confirmed(reply, "has no agent that answers a ping");
        String status = reply.head().field("status").orElse("");
        if (!status.matches("[1-5]\\d\\d")) {
            throw new VmException("The VM " + vm + " answered a ping with the status '" + GuestText.sentence(status) + "', which is none of HTTP's");
        }
        return new PingAnswer.Replied(Integer.parseInt(status), reply.text());
    }

    /** Brings the guest to rest: hooks, garbage collection, nothing half done. */
    void quiesce() {
        confirmed(call(ControlMessage.of("quiesce"), LIMIT), "did not come to rest");
    }

    /** Has the guest's server print lines as agents do, the last of which is {@link #LAST_SAID}. Before a session begins: that forgets them. */
    void say() {
        confirmed(call(ControlMessage.of("say"), LIMIT), "did not print a line. Build the guest image anew");
    }

    /** Has the agent do what it does at the end of its session, within {@code grace}. */
    void end(Duration grace) {
        ControlMessage request = ControlMessage.of("end").with("epochMillis", System.currentTimeMillis() + "").with("timeoutMillis", grace.toMillis() + "");
        confirmed(call(request, grace.plus(ANSWER)), "did not come to the end of its session");
    }

    List<String> log(int lines, Duration limit) {
        ControlReply reply = call(ControlMessage.of("log").with("lines", lines + ""), limit);
        confirmed(reply, "did not send its log");
        return GuestText.lines(reply.text(), lines);
    }

    private ControlReply call(ControlMessage request, Duration limit) {
        return call(request, limit, ControlReply.MAX_BODY);
    }

    private ControlReply call(ControlMessage request, InputStream body, Duration limit) {
        try {
            return ControlExchange.call(link, request, body, limit);
        } catch (IOException e) {
            throw noAnswer(request, e);
        }
    }

    private ControlReply call(ControlMessage request, Duration limit, int largestBody) {
        try {
            return ControlExchange.call(link, request, limit, largestBody);
        } catch (IOException e) {
            throw noAnswer(request, e);
        }
    }

    private VmException noAnswer(ControlMessage request, IOException e) {
        return new VmException("The VM " + vm + " did not answer '" + request.verb() + "': " + GuestText.sentence(e.getMessage()), e);
    }

    private void confirmed(ControlReply reply, String what) {
        if (!reply.isOk()) {
            String tail = String.join(" | ", GuestText.lines(reply.text(), SHOWN_LINES));
            throw new VmException("The VM " + vm + " " + what + ": " + GuestText.sentence(reply.message())
                    + (tail.isEmpty() ? "" : " [" + GuestText.sentence(tail) + "]"));
        }
    }
}
