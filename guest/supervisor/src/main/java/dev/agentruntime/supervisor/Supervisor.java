package dev.agentruntime.supervisor;

import dev.agentruntime.channel.GuestLink;
import dev.agentruntime.channel.Targets;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The guest's first Java process: starts Open Liberty and serves the host over the virtio port. */
public final class Supervisor {
    private static final int AGENT_PORT = 8080;
    private static final int PROXY_PORT = 3128;
    private static final int KEPT_LINES = 2000;

    private Supervisor() {
    }

    /**
     * Runs until the virtual machine ends.
     *
     * @throws IOException the port or Open Liberty cannot be opened: the guest is useless then and stops
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        LogRing log = new LogRing(KEPT_LINES);
        log.listen(new ConsoleEcho(System.out)::line);
        Path device = VirtioPort.find(Paths.VIRTIO_PORTS, Paths.FIRST_PORT);
        Liberty liberty = Liberty.start(libertyCommand(), Paths.SERVER, log);
        // When the guest runs out of memory, the kernel is to end what took it: somebody must be left to say so. Open Liberty
        // was started before and has not inherited this.
        Files.writeString(Paths.OWN_OOM_SCORE, "-900");

        ExecutorService threads = Executors.newCachedThreadPool(Supervisor::daemon);
        PingProbe probe = new PingProbe(URI.create("http://127.0.0.1:" + AGENT_PORT));
        Hygiene hygiene = new Hygiene(Paths.HYGIENE_SOCKET);
        GuestRoom room = new GuestRoom(Paths.MEMORY, Paths.WAR.getParent());
        Equipment equipment = new Equipment(Paths.LIBERTY, Paths.SERVER, Paths.WAR, room, liberty, log, hygiene);
        Deployment deployment = new Deployment(Paths.WAR, room, liberty, log, hygiene, probe);
        CompletableFuture<GuestLink> first = new CompletableFuture<>();
        WayOut wayOut = wayOut(first, log);
        NewIdentity identity = new NewIdentity(hygiene, new HostsFile(Paths.HOSTS), wayOut::lead, Machine.OWN);
        Control control = new Control(liberty, log, equipment, deployment, identity, hygiene, probe, Machine.OWN);
        LogFeed feed = new LogFeed(log);
        Shells shells = new Shells(threads, identity::environment);
        CommandRun commands = new CommandRun(threads, identity::environment);
        Relay relay = new Relay(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), AGENT_PORT), threads);

        try (RandomAccessFile port = new RandomAccessFile(device.toFile(), "rw");
                GuestLink link = GuestLink.serve(port, threads, (stream, target) -> {
                    switch (target) {
                        case Targets.AGENT -> relay.run(stream);
                        case Targets.CONTROL -> control.serve(stream);
                        case Targets.LOGS -> feed.serve(stream);
                        case Targets.SHELL -> shells.serve(stream);
                        case Targets.COMMAND -> commands.serve(stream);
                        default -> throw new IOException("no such target: " + target);
                    }
                })) {
            first.complete(link);
            System.out.println("supervisor: serving " + device);
            new CountDownLatch(1).await();
        }
    }

    private static WayOut wayOut(CompletableFuture<GuestLink> first, LogRing log) throws IOException {
        SocketLoop loop = new SocketLoop("way-out", log::add);
        SecondLink second = new SecondLink(
                target -> Optional.ofNullable(first.getNow(null)).orElseThrow(() -> new IOException("no host is there yet")).open(target),
                () -> {
                    Path device = VirtioPort.find(Paths.VIRTIO_PORTS, Paths.SECOND_PORT);
                    return GuestLink.wayOut(new RandomAccessFile(device.toFile(), "rw"), loop);
                });
        return WayOut.open(PROXY_PORT, loop, second, log::add);
    }

    private static List<String> libertyCommand() throws IOException {
        List<String> command = new ArrayList<>(List.of(Paths.JAVA.toString()));
        command.addAll(Files.readAllLines(Paths.LIBERTY_OPTIONS));
        // What Liberty's own start script adds; without it CDI cannot define its proxies.
        command.add("@" + Paths.LIBERTY.resolve("lib/platform/java/java9.options"));
        command.add("-Xmx" + GuestMemory.heapMebibytes(Paths.MEMORY) + "m");
        command.add("-javaagent:" + Paths.SUPERVISOR_JAR + "=" + Paths.HYGIENE_SOCKET);
        command.addAll(List.of("-jar", Paths.LIBERTY.resolve("bin/tools/ws-server.jar").toString(), "agent"));
        return command;
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "stream");
        thread.setDaemon(true);
        return thread;
    }
}
