package dev.agentruntime.libvirt;

import java.nio.file.Path;
import java.util.Optional;

/** Descriptions of VMs for tests. */
final class TestMachine {

    static final long MEMORY = 1L << 20;

    private TestMachine() {}

    /** One that boots, with its files in a folder. */
    static Machine named(String name, Path run) {
        return new Machine(name, MEMORY, 1, Path.of("/i/vmlinuz"), Path.of("/i/initrd"), new Machine.Ram.Anonymous(),
                MachineFiles.of(run, name), Optional.empty(), TranslationCache.USUAL_MIB);
    }

    /** Its XML. */
    static String xml(Machine machine) {
        return DomainXml.of(host(), machine);
    }

    static HostProfile host() {
        return new HostProfile(Path.of("/bin/sh"), "7.2/1/1", "pc-q35-7.2", Verdict.tcg("a test"), "cpu", Optional.empty());
    }
}
