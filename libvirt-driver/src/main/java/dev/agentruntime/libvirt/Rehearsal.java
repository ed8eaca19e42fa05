package dev.agentruntime.libvirt;

import dev.agentruntime.channel.HostLink;
import dev.agentruntime.runtime.spi.VmException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * Has a guest without an agent deploy one made for this, serve it in all the ways there are until its two JVMs have compiled
 * them, and take it out again. What was loaded and compiled stays: agents deploy sooner and answer sooner.
 */
final class Rehearsal {

    /** With eight requests each: three times as often as the guest's JVMs count before they compile a method. */
    private static final int ROUNDS = 40;
    private static final Duration PING_LIMIT = Duration.ofSeconds(30);
    private static final List<String> WAYS = List.of("now", "later", "stream", "events");

    private final GuestControl control;
    private final GuestHttp http;
    private final String vm;

    Rehearsal(HostLink link, String vm, Executor executor) {
        this.control = new GuestControl(link, vm);
        this.http = new GuestHttp(link, vm, executor);
        this.vm = vm;
    }

    /** Blocks for about half a minute under emulation. */
    void run(Path war, Duration deployLimit) {
        control.deploy(war, deployLimit);
        for (int round = 0; round < ROUNDS; round++) {
            control.renew(vm);
            control.begin("warm-up");
            control.ping(PING_LIMIT);
            http.get("/ping");
            for (String way : WAYS) {
                requireSuccess("/invocations", http.post("/invocations", "", line(way)));
            }
            requireSuccess("/rest/", http.post("/rest/", "", line("now")));
        }
        control.undeploy();
    }

    private void requireSuccess(String path, String answer) {
        if (!answer.startsWith("HTTP/1.1 2")) {
            throw new VmException("The rehearsal in the VM " + vm + " was not served at " + path + ": "
                    + answer.lines().findFirst().orElse("no answer") + ". Build the guest image anew");
        }
    }

    private static String line(String way) {
        return "{\"way\": \"" + way + "\", \"prompt\": \"To be\", \"number\": 1.5}";
    }
}
