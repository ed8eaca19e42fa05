package dev.agentruntime.libvirt;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A domain of {@link FakeLibvirt}: a process that sleeps under the name of QEMU, a monitor and a guest behind the channel. */
final class FakeDomain {

    private static final String HEAD = "QEVM 003head";
    static final String STATE = HEAD + "\1\0\0\0\2\3ram, and the state of a VM";
    /** What it says of its devices alone. */
    static final String DEVICES = "QEVM 003 and the state of its devices";
    private static final Pattern ENDED = Pattern.compile("^State:\\s+[ZX]", Pattern.MULTILINE);

    private volatile String xml;
    private final String name;
    private final Path monitorSocket;
    private final boolean waits;
    private final FakeGuest guest;
    private Optional<Process> process = Optional.empty();
    private Optional<FakeMonitor> monitor = Optional.empty();
    private DomainHandle.State state;
    private volatile String migration = "none";
    private volatile String loaded = "";
    private final FakeMemory memory = new FakeMemory();
    private volatile Devices devices = file -> Files.writeString(file, DEVICES);

    /** Writes the state of the devices into a file. */
    interface Devices {
        void writeTo(Path file) throws IOException;
    }

    private FakeDomain(String xml, String name, Path monitorSocket, boolean paused, boolean waits, FakeGuest guest) {
        this.xml = xml;
        this.name = name;
        this.monitorSocket = monitorSocket;
        this.waits = waits;
        this.guest = guest;
        this.state = paused ? DomainHandle.State.PAUSED : DomainHandle.State.RUNNING;
    }

    static FakeDomain of(String xml, int flags, FakeGuest.Behaviour behaviour) {
        Path socket = Path.of(found("path=\"([^\"]*)\"/?>(?:</source>)?<target type=\"virtio\" name=\"agent\"", xml));
        Path wayOut = Path.of(found("path=\"([^\"]*)\"/?>(?:</source>)?<target type=\"virtio\" name=\"egress\"", xml));
        Path monitor = Path.of(found("id=monitor-of-ours,path=([^,]*)", xml));
        return new FakeDomain(xml, found("<name>([^<]*)</name>", xml), monitor, flags != 0, xml.contains("-incoming"), new FakeGuest(socket, wayOut, behaviour));
    }

    private static String found(String pattern, String xml) {
        Matcher matcher = Pattern.compile(pattern).matcher(xml);
        if (!matcher.find()) {
            throw new AssertionError(pattern + " is not in " + xml);
        }
        return matcher.group(1);
    }

    String name() {
        return name;
    }

    /** What it does from now on when it is to write the state of its devices. */
    void devices(Devices how) {
        devices = how;
    }

    /** As it was described at its creation. */
    String xml() {
        return xml;
    }

    /** As an earlier version of the driver has written its note, without that attribute. */
    void forgetNote(String attribute) {
        xml = xml.replaceFirst("(<agrt:vm [^>]*) " + attribute + "=\"[^\"]*\"", "$1");
    }

    FakeGuest guest() {
        return guest;
    }

    /** What was loaded into it. */
    String loaded() {
        return loaded;
    }

    /** The pages that are its own. */
    FakeMemory memory() {
        return memory;
    }

    long pid() {
        return process.orElseThrow().pid();
    }

    /** The commands its monitor was told. */
    List<String> told() {
        return monitor.orElseThrow().told();
    }

    /** Its process stands still, as after SIGSTOP: the monitor does not answer. */
    void stop() {
        monitor.orElseThrow().stop();
    }

    synchronized void start() {
        try {
            process = Optional.of(new ProcessBuilder("sh", "-c", "read x", "qemu", "-name", "guest=" + name + ",debug-threads=on").start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        monitor = Optional.of(new FakeMonitor(monitorSocket, this::command));
        if (state == DomainHandle.State.RUNNING) {
            guest.start();
        }
    }

    boolean alive() {
        return process.filter(Process::isAlive).filter(child -> !hasEnded(child.pid())).isPresent();
    }

    /** The JDK takes note of a child's end a moment later. */
    private static boolean hasEnded(long pid) {
        try {
            return ENDED.matcher(Files.readString(Path.of("/proc/" + pid + "/status"))).find();
        } catch (IOException gone) {
            return true;
        }
    }

    synchronized DomainHandle.State state() {
        return state;
    }

    /** Ends its process, and with it the guest. */
    void end() {
        guest.end();
        monitor.ifPresent(FakeMonitor::close);
        process.ifPresent(p -> {
            p.destroyForcibly();
            try {
                p.waitFor(10, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private synchronized Optional<String> command(String command, Map<?, ?> arguments) {
        Path uri = Path.of(String.valueOf(arguments.get("uri")).replace("unix:", ""));
        return switch (command) {
            case "stop" -> {
                state = DomainHandle.State.PAUSED;
                yield Optional.empty();
            }
            case "cont" -> goOn();
            case "query-migrate" -> Optional.of("{\"status\": \"" + migration + "\", \"error-desc\": \"as told\"}");
            case "migrate" -> answer(() -> save(uri));
            case "migrate-incoming" -> answer(() -> load(uri));
            case "xen-save-devices-state" -> answer(() -> devices.writeTo(Path.of(arguments.get("filename").toString())));
            default -> Optional.empty();
        };
    }

    private Optional<String> goOn() {
        if (waits && loaded.isEmpty()) {
            return Optional.of("it waits for its state");
        }
        state = DomainHandle.State.RUNNING;
        guest.start();
        return Optional.empty();
    }

    private interface Deed {
        void run() throws IOException;
    }

    private static Optional<String> answer(Deed deed) {
        try {
            deed.run();
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(e.getClass().getSimpleName());
        }
    }

    private void save(Path to) throws IOException {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(to))) {
            channel.write(ByteBuffer.wrap(STATE.getBytes()));
        }
        migration = "completed";
    }

    private void load(Path from) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(from));
        migration = "active";
        CompletableFuture.runAsync(() -> {
            try (server; SocketChannel channel = server.accept(); InputStream in = Channels.newInputStream(channel)) {
                loaded = new String(in.readAllBytes());
                migration = loaded.equals(STATE) || loaded.equals(HEAD + DEVICES.substring(8)) ? "completed" : "failed";
            } catch (IOException e) {
                migration = "failed";
            }
        });
    }
}
