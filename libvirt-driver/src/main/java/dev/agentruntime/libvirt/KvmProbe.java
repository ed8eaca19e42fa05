package dev.agentruntime.libvirt;

import dev.agentruntime.spi.VmException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/**
 * Finds out whether KVM runs guests here by booting one with {@code probe-kvm.sh}. The answer is kept until the host's
 * kernel, its processor, QEMU or the guest's kernel change.
 */
final class KvmProbe {

    private static final int BOOT_SECONDS = 8;

    private final Path cache;

    KvmProbe(Path stateDirectory) {
        this.cache = stateDirectory.resolve("kvm-probe.properties");
    }

    /** What the probe found. Blocks for seconds when the answer is not known yet. */
    Verdict verdict(Path emulator, String emulatorStamp, String cpu, Path kernel) {
        try {
            String key = Digests.sha256(System.getProperty("os.version"), emulator.toString(), emulatorStamp, cpu,
                    Files.size(kernel) + "", System.getProperty("user.name"), device());
            Properties known = read();
            if (!key.equals(known.getProperty("key"))) {
                known.setProperty("key", key);
                known.setProperty("verdict", run(emulator, kernel));
                write(known);
            }
            return Verdict.ofProbe(known.getProperty("verdict", ""));
        } catch (IOException e) {
            throw new VmException("KVM could not be probed: " + e.getMessage()
                    + ". Is the state directory writable and the guest image readable?", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new VmException("Interrupted while probing KVM", e);
        }
    }

    /** A device that came, went or changed hands since asks for a new probe. */
    private static String device() {
        Path kvm = Path.of("/dev/kvm");
        return Files.exists(kvm) + " " + Files.isReadable(kvm) + " " + Files.isWritable(kvm);
    }

    private static String run(Path emulator, Path kernel) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sh", "-s", "--", kernel.toString(), emulator.toString(), BOOT_SECONDS + "")
                .redirectErrorStream(true).start();
        try (InputStream script = KvmProbe.class.getResourceAsStream("probe-kvm.sh")) {
            try (var in = process.getOutputStream()) {
                script.transferTo(in);
            }
            String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (!process.waitFor(BOOT_SECONDS + 10L, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException("the probe said: " + answer);
            }
            return answer.lines().reduce("", (first, last) -> last);
        } finally {
            process.destroyForcibly();
        }
    }

    private Properties read() throws IOException {
        Properties known = new Properties();
        if (Files.exists(cache)) {
            try (Reader in = Files.newBufferedReader(cache)) {
                known.load(in);
            }
        }
        return known;
    }

    private void write(Properties known) throws IOException {
        try (Writer out = Files.newBufferedWriter(cache)) {
            known.store(out, "Whether KVM runs guests here. Delete this file to have it tried again.");
        }
    }
}
