package dev.agentruntime.benchmarks;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/**
 * A VM of the same hardware and kernel as a session's, without libvirt and without a server in it: a script of the benchmark's
 * own begins instead of the guest's. Its files are in a folder of its own and go with it.
 */
final class BareVm implements AutoCloseable {

    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Duration SOCKET_PATIENCE = Duration.ofSeconds(30);
    private static final int LINES = 5;

    private final Path folder;
    private final Process qemu;
    private final Thread farewell = new Thread(this::end);

    private BareVm(Path folder, Process qemu) {
        this.folder = folder;
        this.qemu = qemu;
        Runtime.getRuntime().addShutdownHook(farewell);
    }

    /** Starts it; the script begins when the kernel has booted. */
    static BareVm start(Hardware hardware, Serving serving) throws IOException {
        Path folder = Files.createTempDirectory(Path.of("/var/tmp"), "agrt-bare");
        Archive archive = new Archive();
        archive.add("bare-vm", resource("bare-vm.sh"));
        archive.add("bare-vm.jar", jar("MuxGuest.class"));
        archive.write(folder.resolve("initrd"), hardware.initrd());
        List<String> command = new ArrayList<>(List.of(hardware.emulator()));
        command.addAll(hardware.options());
        command.addAll(List.of(
                "-chardev", "socket,id=" + Hardware.CHANNEL + ",path=" + folder.resolve("port") + ",server=on,wait=off",
                "-chardev", "file,id=" + Hardware.CONSOLE + ",path=" + folder.resolve("console"),
                "-kernel", hardware.kernel().toString(), "-initrd", folder.resolve("initrd").toString(),
                "-append", hardware.kernelLine() + " rdinit=/bare-vm " + serving.kernelWord(), "-no-reboot"));
        return new BareVm(folder, new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(folder.resolve("qemu").toFile()).start());
    }

    /** Where its port is on the host, as soon as QEMU has made it. */
    Path socket() {
        return folder.resolve("port");
    }

    /** Connects to its port; what is sent before the script listens waits. */
    SocketChannel connect() throws IOException {
        long begun = System.nanoTime();
        while (true) {
            try {
                return SocketChannel.open(UnixDomainSocketAddress.of(socket()));
            } catch (IOException notYet) {
                if (!qemu.isAlive() || System.nanoTime() - begun > SOCKET_PATIENCE.toNanos()) {
                    throw new IOException("The bare VM has no port", notYet);
                }
                Pause.of(LOOK);
            }
        }
    }

    /** The end of what QEMU and the guest wrote. */
    String said() throws IOException {
        List<String> lines = new ArrayList<>();
        for (String file : List.of("qemu", "console")) {
            if (Files.exists(folder.resolve(file))) {
                List<String> all = Files.readAllLines(folder.resolve(file), StandardCharsets.ISO_8859_1);
                lines.addAll(all.subList(Math.max(0, all.size() - LINES), all.size()));
            }
        }
        return String.join(" / ", lines);
    }

    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(farewell);
        end();
    }

    private void end() {
        qemu.destroyForcibly().onExit().join();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("The bare VM's folder " + folder + " could not be removed", e);
        }
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = BareVm.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        }
    }

    private static byte[] jar(String classFile) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarOutputStream jar = new JarOutputStream(bytes)) {
            jar.putNextEntry(new ZipEntry(BareVm.class.getPackageName().replace('.', '/') + "/" + classFile));
            jar.write(resource(classFile));
        }
        return bytes.toByteArray();
    }
}
