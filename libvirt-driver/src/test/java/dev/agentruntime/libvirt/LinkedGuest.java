package dev.agentruntime.libvirt;

import dev.agentruntime.channel.HostLink;
import java.nio.file.Path;
import java.time.Duration;

/** A guest of a {@link FakeHost} with a link to it. */
final class LinkedGuest implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final String NAME = "agrt-a-s1";

    final FakeHost host;
    final FakeGuest guest;
    final HostLink link;

    LinkedGuest(Path folder) {
        host = new FakeHost(folder);
        RunningMachine machine = host.machines.create(TestMachine.host(), TestMachine.named(NAME, host.directories.run()));
        link = host.links.connect(machine, LIMIT);
        guest = host.domain(NAME).guest();
    }

    /** Its VM ends. */
    void end() {
        host.domain(NAME).end();
    }

    @Override
    public void close() {
        link.close();
        host.close();
    }
}
