package dev.agentruntime.supervisor;

import dev.agentruntime.channel.HostLink;
import dev.agentruntime.channel.Reactor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A virtual machine with the guest image, started without libvirt, and the link to it. */
final class GuestVm implements AutoCloseable {
    private final Process qemu;
    private final Path console;
    private final Reactor reactor;
    private final HostLink link;

    private GuestVm(Process qemu, Path console, Reactor reactor, HostLink link) {
        this.qemu = qemu;
        this.console = console;
        this.reactor = reactor;
        this.link = link;
    }

    static GuestVm boot(Path image, Path folder) throws IOException {
        Path socket = folder.resolve("agent.sock");
        Path console = folder.resolve("console.log");
        Process qemu = new ProcessBuilder("qemu-system-x86_64", "-machine", "q35,accel=tcg", "-cpu", "max", "-m", "1024",
                "-display", "none", "-nodefaults", "-no-user-config", "-no-reboot",
                "-kernel", image.resolve("vmlinuz").toString(), "-initrd", image.resolve("initrd").toString(),
                "-append", "console=ttyS0 panic=-1 quiet tsc=reliable", "-serial", "file:" + console, "-device", "virtio-serial-pci",
                "-chardev", "socket,id=agent,path=" + socket + ",server=on,wait=off",
                "-device", "virtserialport,chardev=agent,name=agent")
                .redirectErrorStream(true).redirectOutput(folder.resolve("qemu.log").toFile()).start();
        Reactor reactor = new Reactor(Runnable::run);
        try {
            return new GuestVm(qemu, console, reactor, HostLink.connect(socket, reactor, Duration.ofMinutes(3)));
        } catch (IOException e) {
            reactor.close();
            qemu.destroyForcibly();
            throw new IOException(e.getMessage() + "\n" + tail(console) + tail(folder.resolve("qemu.log")), e);
        }
    }

    HostLink link() {
        return link;
    }

    /** CPU time that QEMU has used so far. */
    Duration cpu() {
        return qemu.info().totalCpuDuration().orElseThrow();
    }

    /** What the guest said on its serial port. */
    String consoleTail() throws IOException {
        return tail(console);
    }

    private static String tail(Path file) throws IOException {
        if (!Files.exists(file)) {
            return "";
        }
        List<String> lines = new String(Files.readAllBytes(file), StandardCharsets.UTF_8).lines().toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
    }

    @Override
    public void close() throws InterruptedException {
        link.close();
        reactor.close();
        qemu.destroyForcibly();
        qemu.waitFor(10, TimeUnit.SECONDS);
    }
}
