package dev.agentruntime.libvirt;

import dev.agentruntime.channel.HostLink;
import dev.agentruntime.channel.MuxStream;
import dev.agentruntime.channel.ServerEnd;
import dev.agentruntime.channel.Targets;
import dev.agentruntime.spi.AgentPaths;
import dev.agentruntime.spi.OutboundName;
import dev.agentruntime.spi.SessionStart;
import dev.agentruntime.spi.VmException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Has a guest do what its session will ask of it first, so that the session finds its classes loaded, its code compiled, its
 * pages copied and, under emulation, translated: a beginning, a ping, lines in its log, and requests on the way an invocation
 * goes. The methods block, and throw VmException where the guest does not take part.
 */
final class Rehearsal {

    /**
     * Until the guest's two JVMs have compiled what they do for any agent; with six requests each. An even number: the last one leaves
     * nothing. They compile what is called 128 times, so with the warming rounds of an agent's template nothing that is called once a
     * round is left to compile in each clone.
     */
    private static final int REHEARSAL_ROUNDS = 116;
    private static final SessionStart PLAIN = SessionStart.of("warm-up");
    private static final SessionStart EQUIPPED = new SessionStart("warm-up", Map.of("AGENT_RUNTIME_WARM_UP", "1"), List.of(new OutboundName("warm-up", 80)));
    private static final List<String> WAYS = List.of("now", "later", "stream", "events");
    private static final String PING = AgentPaths.STANDARD.ping();
    private static final Duration PING_LIMIT = Duration.ofSeconds(30);
    private static final Duration SAID_LIMIT = Duration.ofSeconds(5);
    private static final String OFFERED = "X-Agent-Runtime-Warm-Up-Offered";
    /** Reaches the agent's own code only where the agent wants that; sent only where the ping offers it. */
    private static final String WARM_UP = "X-Agent-Runtime-Warm-Up: 1\r\n";

    private final HostLink link;
    private final GuestControl control;
    private final String vm;

    Rehearsal(HostLink link, String vm) {
        this.link = link;
        this.control = new GuestControl(link, vm);
        this.vm = vm;
    }

    /** With the agent there is. Takes some tenths of a second each round. */
    void prime(int rounds) {
        for (int round = 0; round < rounds; round++) {
            begin(PLAIN);
            readLog();
            try (GuestConnection agent = new GuestConnection(link, vm)) {
                if (agent.get(PING).has(OFFERED)) {
                    agent.post("/invocations", WARM_UP, "{}");
                }
            }
        }
    }

    /**
     * Without an agent: deploys one made for this, has it serve in all the ways there are and takes it out again. What was
     * loaded and compiled stays. Takes about half a minute under emulation.
     */
    void rehearse(Path war, Duration deployLimit) {
        control.deploy(war, PING, deployLimit);
        // The guest's part of it is all that counts: the server of a template does not end.
        ServerEnd.watch(link);
        for (int round = 0; round < REHEARSAL_ROUNDS; round++) {
            // Sessions come with an environment and with outbounds and without; the last one leaves nothing of either.
            begin(round % 2 == 0 ? EQUIPPED : PLAIN);
            readLog();
            try (GuestConnection agent = new GuestConnection(link, vm)) {
                agent.get(PING);
                for (String way : WAYS) {
                    requireSuccess("/invocations", agent.post("/invocations", "", line(way)));
                }
                requireSuccess("/rest/", agent.post("/rest/", "", line("now")));
            }
        }
        control.undeploy();
    }

    /** As the host does that keeps a session's log, in which the agent prints. */
    private void readLog() {
        try (MuxStream log = link.open(Targets.LOGS)) {
            log.output().write('\n');
            InputStream in = log.input(PING_LIMIT);
            if (in.read() < 0) {
                throw new EOFException("it ended before its first line");
            }
            control.say();
            skipTo(GuestControl.LAST_SAID + "\n", log.input(SAID_LIMIT), SAID_LIMIT);
        } catch (IOException e) {
            throw new VmException("The VM " + vm + " did not send its log: " + GuestText.sentence(e.getMessage()), e);
        }
    }

    /** For a while: of an agent that prints without end the guest may have dropped that line, and its way is warm without it. */
    static void skipTo(String end, InputStream in, Duration limit) throws IOException {
        long deadline = System.nanoTime() + limit.toNanos();
        StringBuilder last = new StringBuilder();
        try {
            while (!last.toString().equals(end) && System.nanoTime() - deadline < 0) {
                int next = in.read();
                if (next < 0) {
                    throw new EOFException("it ended");
                }
                last.append((char) next);
                last.delete(0, Math.max(0, last.length() - end.length()));
            }
        } catch (SocketTimeoutException dropped) {
            return;
        }
    }

    private void begin(SessionStart start) {
        control.renew(vm);
        control.begin(start);
        control.ping(PING_LIMIT);
    }

    private void requireSuccess(String path, GuestConnection.Answer answer) {
        if (answer.status() / 100 != 2) {
            throw new VmException("The rehearsal in the VM " + vm + " was not served at " + path + ": "
                    + GuestText.sentence(answer.head().lines().findFirst().orElse("no answer")) + ". Build the guest image anew");
        }
    }

    private static String line(String way) {
        return "{\"way\": \"" + way + "\", \"prompt\": \"To be\", \"number\": 1.5}";
    }
}
