package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VmNoteTest {

    @Test
    void whatIsWrittenIntoADescriptionIsReadFromIt() {
        String description = DomainXml.of(TestMachine.host(), TestMachine.named("agrt-a-s0000000001", Path.of("/run")));
        assertThat(VmNote.read(description)).hasValue(new VmNote(VmNote.REVISION, TestMachine.MEMORY, Optional.empty()));
    }

    @Test
    void aClonesTemplateIsNotedHoweverItIsCalled() {
        CloneNote clone = new CloneNote("k'0\"<1>", "k 1a2b 3c4d", 2, false, true, Optional.of("agrt-a-s\"9"));
        Machine machine = TestMachine.named("agrt-a-s0000000001", Path.of("/run")).with(new Machine.Ram.Private(Path.of("/state/ram"), Optional.of(clone)));
        assertThat(VmNote.read(TestMachine.xml(machine))).hasValue(new VmNote(VmNote.REVISION, TestMachine.MEMORY, Optional.of(clone)));
    }

    /** libvirt writes the description anew, with prefixes and quotes of its own. */
    @Test
    void itIsReadHoweverItIsWritten() {
        assertThat(VmNote.read("""
                <?xml version='1.0'?>
                <domain type='qemu' id='7'><name>x</name><metadata><vm>of somebody else</vm>
                <x:vm xmlns:x='urn:dev.agentruntime:vm:1' memory='5' revision='3'></x:vm></metadata></domain>""")).hasValue(new VmNote(3, 5, Optional.empty()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no xml", "<domain/>", "<domain><metadata/></domain>", "<domain><metadata><vm revision='1' memory='5'/></metadata></domain>",
        "<domain><m:vm xmlns:m='urn:dev.agentruntime:vm:1'/></domain>", "<domain><m:vm xmlns:m='urn:dev.agentruntime:vm:1' revision='one' memory='5'/></domain>",
        "<domain><m:vm xmlns:m='urn:dev.agentruntime:vm:1' revision='1' memory='99999999999999999999'/></domain>",
        "<domain><m:vm xmlns:m='urn:dev.agentruntime:vm:1' revision='1' memory='5' template='k' imprint='i' vcpus='many'/></domain>", "<domain><metadata>"})
    void whatCannotBeReadIsNone(String description) {
        assertThat(VmNote.read(description)).isEmpty();
    }
}
