package dev.agentruntime.libvirt;

import dev.agentruntime.spi.VmException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** QEMU's monitor of one VM, through libvirt. Thread-safe; the methods block. */
final class Monitor {

    private static final Duration MIGRATION_LIMIT = Duration.ofSeconds(60);

    private final Hypervisor hypervisor;
    private final String vm;

    Monitor(Hypervisor hypervisor, String vm) {
        this.hypervisor = hypervisor;
        this.vm = vm;
    }

    /**
     * Leaves RAM that lies in a shared file out of a migration. It has to be on while a template is saved or loaded and
     * off afterwards: a later save of the VM would otherwise lack its memory.
     */
    void leaveOutSharedRam(boolean on) {
        execute("migrate-set-capabilities",
                Map.of("capabilities", List.of(Map.of("capability", "x-ignore-shared", "state", on))));
    }

    /** Starts writing the VM's state to a UNIX socket on which we listen. */
    void saveTo(Path socket) {
        execute("migrate", Map.of("uri", "unix:" + socket));
    }

    /** Lets QEMU listen on a UNIX socket for the VM's state. */
    void loadFrom(Path socket) {
        execute("migrate-incoming", Map.of("uri", "unix:" + socket));
    }

    /** Waits until saving or loading has ended. libvirt's Java binding passes QEMU's event on to nobody, hence the asking. */
    void awaitMigration() {
        String[] status = {"none"};
        boolean ended = Await.until(MIGRATION_LIMIT, () -> {
            Map<?, ?> answer = execute("query-migrate", Map.of());
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

    private Map<?, ?> execute(String command, Map<String, Object> arguments) {
        Map<String, Object> request = arguments.isEmpty()
                ? Map.of("execute", command)
                : Map.of("execute", command, "arguments", arguments);
        Map<?, ?> answer = Json.readObject(hypervisor.monitor(vm, Json.write(request)));
        if (answer.get("error") instanceof Map<?, ?> error) {
            throw new VmException("QEMU of the VM " + vm + " refused " + command + ": " + error.get("desc"));
        }
        return answer.get("return") instanceof Map<?, ?> result ? result : Map.of();
    }
}
