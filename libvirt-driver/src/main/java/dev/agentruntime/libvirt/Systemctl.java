package dev.agentruntime.libvirt;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Units by {@code systemctl}, which waits until they have started or stopped.
 *
 * @param command its name or path
 * @param limit   how long it may take
 */
record Systemctl(String command, Duration limit) implements Units {

    static final Systemctl OF_THIS_HOST = new Systemctl("systemctl", Duration.ofSeconds(30));

    @Override
    public void start(String unit) throws IOException {
        run("start", unit);
    }

    @Override
    public void stop(String unit) throws IOException {
        run("stop", unit);
    }

    @Override
    public void limit(String unit, List<String> properties) throws IOException {
        List<String> whole = new ArrayList<>(List.of(command, "--quiet", "--no-ask-password", "--runtime", "set-property", "--", unit));
        whole.addAll(properties);
        run(whole, "set-property", unit);
    }

    private void run(String action, String unit) throws IOException {
        run(List.of(command, "--quiet", "--no-ask-password", action, "--", unit), action, unit);
    }

    private void run(List<String> whole, String action, String unit) throws IOException {
        Process process = new ProcessBuilder(whole).redirectErrorStream(true).start();
        try {
            process.getOutputStream().close();
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException("systemctl " + action + " " + unit + " has not ended within " + limit.toSeconds() + " s: is systemd well?");
            }
            // Far less than a pipe holds, so it has been able to end.
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (process.exitValue() != 0) {
                throw new IOException("systemctl " + action + " " + unit + " failed: " + said);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted in systemctl " + action + " " + unit, e);
        } finally {
            process.destroyForcibly();
        }
    }
}
