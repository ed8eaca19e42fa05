package dev.agentruntime.libvirt;

import dev.agentruntime.channel.HostLink;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Executor;

/**
 * Has a guest do what its session will ask of it first, so that the session finds its classes loaded, its pages copied and,
 * under emulation, its code translated: a beginning, a ping, and requests on the way an invocation goes.
 */
final class Priming {

    private static final Duration PING_LIMIT = Duration.ofSeconds(30);
    private static final String OFFERED = "x-agent-runtime-warm-up-offered:";
    /** Reaches the agent's own code only where the agent wants that; sent only where the ping offers it. */
    private static final String WARM_UP = "X-Agent-Runtime-Warm-Up: 1\r\n";

    private final GuestControl control;
    private final GuestHttp http;
    private final String vm;

    Priming(HostLink link, String vm, Executor executor) {
        this.control = new GuestControl(link, vm);
        this.http = new GuestHttp(link, vm, executor);
        this.vm = vm;
    }

    /** Blocks for some tenths of a second each round. Throws VmException where the guest does not take part. */
    void run(int rounds) {
        for (int round = 0; round < rounds; round++) {
            control.renew(vm);
            control.begin("warm-up");
            control.ping(PING_LIMIT);
            if (http.get("/ping").toLowerCase(Locale.ROOT).contains(OFFERED)) {
                http.post("/invocations", WARM_UP, "{}");
            }
        }
    }
}
