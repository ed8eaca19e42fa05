package dev.agentruntime.libvirt;

import dev.agentruntime.spi.VmException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.function.LongSupplier;

/**
 * Finds out whether KVM runs guests here, and with which processor model, by booting one with {@code probe-kvm.sh} as the user
 * that VMs run as. That it does is kept until something changes that it depends on. That it does not is kept for a minute and in
 * memory only: it may have been the load of a moment, or a right that was missing.
 */
final class KvmProbe {

    static final Duration REFUSAL_KEPT = Duration.ofMinutes(1);

    /** The configured model that means: find one. */
    static final String ANY_MODEL = "auto";

    private final Path cache;
    private final HostFacts facts;
    private final Map<String, String> environment;
    private final LongSupplier nanoTime;
    private Optional<Refusal> refusal = Optional.empty();

    private record Refusal(String key, Verdict verdict, long at) {}

    /**
     * What a probe is about.
     *
     * @param emulator      QEMU's binary
     * @param emulatorStamp as in {@link HostProfile}
     * @param kernel        the guest's
     * @param user          the one that VMs run as, where it is not our own
     * @param model         the only processor model to try, or {@link #ANY_MODEL}
     */
    record Question(Path emulator, String emulatorStamp, Path kernel, Optional<QemuUser> user, String model) {

        private String key(HostFacts facts) throws IOException {
            return Digests.sha256(facts.kvm(), emulator.toString(), emulatorStamp, Long.toString(Files.size(kernel)),
                    user.map(QemuUser::label).orElseGet(() -> System.getProperty("user.name")), model);
        }

        private List<String> command() {
            return List.of("sh", "-s", "--", kernel.toString(), emulator.toString(),
                    user.map(u -> u.uid() + ":" + u.gid()).orElse(""), model.equals(ANY_MODEL) ? "" : model);
        }
    }

    KvmProbe(Path stateDirectory, HostFacts facts) {
        this(stateDirectory, facts, Map.of("AGRT_PROBE_DEVICE", facts.device().toString()), System::nanoTime);
    }

    /** @param environment what the script is told besides, for tests */
    KvmProbe(Path stateDirectory, HostFacts facts, Map<String, String> environment, LongSupplier nanoTime) {
        this.cache = stateDirectory.resolve("kvm-probe.properties");
        this.facts = facts;
        this.environment = environment;
        this.nanoTime = nanoTime;
    }

    /** What the probe found. Blocks for seconds when the answer is not known yet, and for a minute where a guest stands still. */
    synchronized Verdict verdict(Question question) {
        try {
            String key = question.key(facts);
            Properties known = read();
            if (key.equals(known.getProperty("key"))) {
                return Verdict.ofProbe(known.getProperty("verdict", ""));
            }
            if (refusal.isPresent() && refusal.get().key().equals(key) && nanoTime.getAsLong() - refusal.get().at() < REFUSAL_KEPT.toNanos()) {
                return refusal.get().verdict();
            }
            return ask(question, key);
        } catch (IOException e) {
            throw new VmException("KVM could not be probed: " + e.getMessage()
                    + ". Is the state directory writable and the guest image readable?", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new VmException("Interrupted while probing KVM", e);
        }
    }

    private Verdict ask(Question question, String key) throws IOException, InterruptedException {
        String answer = run(question);
        Verdict verdict = Verdict.ofProbe(answer);
        if (verdict.isKvm()) {
            Properties known = new Properties();
            known.setProperty("key", key);
            known.setProperty("verdict", answer);
            write(known);
            refusal = Optional.empty();
        } else {
            refusal = Optional.of(new Refusal(key, verdict, nanoTime.getAsLong()));
        }
        return verdict;
    }

    /** The script bounds itself. */
    private String run(Question question) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(question.command()).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        try (InputStream script = KvmProbe.class.getResourceAsStream("probe-kvm.sh")) {
            try (var in = process.getOutputStream()) {
                script.transferTo(in);
            }
            String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (process.waitFor() != 0) {
                throw new IOException("the probe said: " + answer);
            }
            return answer.lines().reduce("", (first, last) -> last);
        } finally {
            process.destroy();
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
            known.store(out, "That KVM runs guests here. Delete this file to have it tried again.");
        }
    }
}
