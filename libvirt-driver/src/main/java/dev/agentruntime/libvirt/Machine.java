package dev.agentruntime.libvirt;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What the hypervisor is told about one VM.
 *
 * @param name           the domain's name
 * @param memoryBytes    the guest's memory, whole MiB
 * @param vcpus          the guest's processors
 * @param kernel         the guest's kernel
 * @param initrd         its initial RAM disk, which is all the disk it has
 * @param ram            where its memory lies
 * @param files          its socket and log
 * @param partition      its parent control group as libvirt names it, if it has one
 * @param translationMib the memory for translated code, where it is emulated
 */
record Machine(
        String name, long memoryBytes, int vcpus, Path kernel, Path initrd, Ram ram, MachineFiles files,
        Optional<String> partition, int translationMib) {

    /** Where a guest's memory lies. */
    sealed interface Ram {

        /** Anonymous memory, booted from scratch. */
        record Anonymous() implements Ram {}

        /** A file that becomes a template: what the guest writes lands in it. */
        record Shared(Path file, Beginning beginning) implements Ram {}

        /**
         * A template's file, mapped copy-on-write; a state is loaded before it runs.
         *
         * @param note for a later run of the server
         */
        record Private(Path file, Optional<CloneNote> note) implements Ram {

            Private(Path file) {
                this(file, Optional.empty());
            }
        }
    }

    /** How a VM that writes a template begins. */
    enum Beginning { BOOT, LOAD }

    Machine with(Ram other) {
        return new Machine(name, memoryBytes, vcpus, kernel, initrd, other, files, partition, translationMib);
    }

    /** Whether it writes a template, and serves nobody. */
    boolean isTemplates() {
        return ram instanceof Ram.Shared;
    }

    boolean loads() {
        return ram instanceof Ram.Private || ram instanceof Ram.Shared shared && shared.beginning() == Beginning.LOAD;
    }
}
