package dev.agentruntime.libvirt;

import dev.agentruntime.spi.VmException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What QEMU is told of one VM by its monitor. Thread-safe; the methods block. */
final class Monitor {

    private static final Duration MIGRATION_LIMIT = Duration.ofSeconds(60);

    private final MonitorSocket qemu;
    private final String vm;

    Monitor(MonitorSocket qemu, String vm) {
        this.qemu = qemu;
        this.vm = vm;
    }

    /** Stops the VM's processors; a VM that stands still stays so. */
    void stop() {
        qemu.execute("stop", Map.of());
    }

    /** Lets the VM go on; one that runs goes on running. */
    void go() {
        qemu.execute("cont", Map.of());
    }

    /**
     * Leaves RAM that lies in a shared file out of a migration. It has to be on while a template is saved or loaded and
     * off afterwards: a later save of the VM would otherwise lack its memory.
     */
    void leaveOutSharedRam(boolean on) {
        qemu.execute("migrate-set-capabilities",
                Map.of("capabilities", List.of(Map.of("capability", "x-ignore-shared", "state", on))));
    }

    /** Starts writing the VM's state to a UNIX socket on which we listen. */
    void saveTo(Path socket) {
        qemu.execute("migrate", Map.of("uri", "unix:" + socket));
    }

    /** Lets QEMU listen on a UNIX socket for the VM's state. */
    void loadFrom(Path socket) {
        qemu.execute("migrate-incoming", Map.of("uri", "unix:" + socket));
    }

    /** Writes the state of devices and processors, without any memory, of a VM that stands still. */
    void saveDevices(Path file) {
        qemu.execute("xen-save-devices-state", Map.of("filename", file.toString(), "live", true));
    }

    /** Waits until saving or loading has ended. libvirt's Java binding passes QEMU's event on to nobody, hence the asking. */
    void awaitMigration() {
        String[] status = {"none"};
        boolean ended = Await.until(MIGRATION_LIMIT, () -> {
            Map<?, ?> answer = qemu.execute("query-migrate", Map.of());
            status[0] = String.valueOf(answer.get("status"));
            if (status[0].equals("failed") || status[0].equals("cancelled")) {
                throw new VmException("QEMU could not save or load the state of the VM " + vm + ": " + answer.get("error-desc"));
            }
            return status[0].equals("completed");
        });
        if (!ended) {
            throw new VmException("QEMU did not finish saving or loading the state of the VM " + vm + " within "
                    + MIGRATION_LIMIT.toSeconds() + " s (status " + status[0] + "): is the host overloaded?");
        }
    }
}
