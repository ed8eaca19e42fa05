package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamReader;
import org.junit.jupiter.api.Test;

class DomainXmlTest {

    private static final HostProfile TCG = new HostProfile(Path.of("/usr/bin/qemu-system-x86_64"), "7.2.22/1/2", "pc-q35-7.2",
            Verdict.tcg("no /dev/kvm"), "cpu", Optional.of(new QemuUser(64055, 107)));
    private static final HostProfile KVM = new HostProfile(Path.of("/usr/bin/qemu-system-x86_64"), "7.2.22/1/2", "pc-q35-7.2",
            Verdict.ofProbe("kvm host 1: a probe VM booted under it"), "cpu", Optional.empty());

    @Test
    void aCloneUnderTcgLooksLikeItsGoldenFile() throws Exception {
        assertGolden("clone-tcg.xml", DomainXml.of(TCG, machine("agrt-a-s01", new Machine.Ram.Private(Path.of("/state/templates/k/ram")),
                Optional.of("/machine/agrt-a/agrt-a-s01"))));
    }

    @Test
    void aTemplateThatBootsLooksLikeItsGoldenFile() throws Exception {
        assertGolden("template-tcg.xml", DomainXml.of(TCG, machine("agrt-a-t01",
                new Machine.Ram.Shared(Path.of("/dev/shm/agrt-a-t01.ram"), Machine.Beginning.BOOT), Optional.of("/machine/agrt-a/agrt-a-t01"))));
    }

    @Test
    void aBootedVmOfAnOrdinaryUserUnderKvmLooksLikeItsGoldenFile() throws Exception {
        assertGolden("boot-kvm-session.xml", DomainXml.of(KVM, machine("agrt-a-s02", new Machine.Ram.Anonymous(), Optional.empty())));
    }

    @Test
    void aFeatureThatKvmRefusesIsLeftOutOfTheHostsOwnProcessor() {
        assertThat(underKvm("host,-arch-capabilities,-vmx")).contains("<cpu mode=\"host-passthrough\"><feature policy=\"disable\""
                + " name=\"arch-capabilities\"/><feature policy=\"disable\" name=\"vmx\"/></cpu>").doesNotContain("<pmu");
    }

    @Test
    void aNamedProcessorIsTakenAsItIsAndNotCheckedAgain() {
        assertThat(underKvm("Nehalem,-vmx")).contains("<cpu mode=\"custom\" match=\"exact\" check=\"none\"><model fallback=\"forbid\">"
                + "Nehalem</model><feature policy=\"disable\" name=\"vmx\"/></cpu>");
    }

    @Test
    void performanceCountersAreTurnedOffWhereLibvirtWantsThem() {
        assertThat(underKvm("host,-pmu")).contains("<cpu mode=\"host-passthrough\"/>", "<features><acpi/><pmu state=\"off\"/></features>");
    }

    @Test
    void theGuestsClockIsDecidedByTheAcceleration() {
        assertThat(underKvm("host")).contains("<cmdline>console=ttyS0 panic=-1 quiet</cmdline>");
        assertThat(DomainXml.of(TCG, machine("agrt-a-s01", new Machine.Ram.Anonymous(), Optional.empty())))
                .contains("<cmdline>console=ttyS0 panic=-1 quiet tsc=reliable norandmaps</cmdline>");
    }

    @Test
    void aVmThatLoadsAStateKeepsNoCopyOfTheKernel() {
        assertThat(ofRam(new Machine.Ram.Private(Path.of("/state/ram")))).doesNotContain("<kernel>", "<initrd>", "<cmdline>");
        assertThat(ofRam(new Machine.Ram.Shared(Path.of("/state/ram"), Machine.Beginning.LOAD))).doesNotContain("<kernel>", "<initrd>", "<cmdline>");
        assertThat(ofRam(new Machine.Ram.Shared(Path.of("/state/ram"), Machine.Beginning.BOOT))).contains("<kernel>", "<initrd>", "<cmdline>");
    }

    @Test
    void aVmThatLoadsAStateHasTheDevicesOfTheOneThatWroteIt() {
        assertThat(devices(ofRam(new Machine.Ram.Private(Path.of("/state/ram")))))
                .isEqualTo(devices(ofRam(new Machine.Ram.Shared(Path.of("/state/ram"), Machine.Beginning.BOOT)))).contains("<serial", "<channel");
    }

    private static String ofRam(Machine.Ram ram) {
        return DomainXml.of(TCG, machine("agrt-a-s01", ram, Optional.empty()));
    }

    private static String devices(String xml) {
        return xml.substring(xml.indexOf("<devices>"), xml.indexOf("</devices>"));
    }

    private static String underKvm(String model) {
        HostProfile host = new HostProfile(KVM.emulator(), KVM.emulatorStamp(), KVM.machineType(),
                Verdict.ofProbe("kvm " + model + " 1: a test"), "cpu", Optional.empty());
        return DomainXml.of(host, machine("agrt-a-s03", new Machine.Ram.Anonymous(), Optional.empty()));
    }

    @Test
    void noGuestHasANetworkCardADiskOrUsb() {
        String xml = DomainXml.of(TCG, machine("agrt-a-s01", new Machine.Ram.Anonymous(), Optional.empty()));
        assertThat(xml).doesNotContain("<interface", "<disk", "<graphics", "<video", "<hostdev")
                .contains("<controller type=\"usb\" model=\"none\"/>");
    }

    @Test
    void hostileNamesAndPathsStayText() throws Exception {
        String evil = "x'\"><disk/></domain>&amp;<!--";
        String xml = DomainXml.of(TCG, machine(evil, new Machine.Ram.Private(Path.of("/a,b\"<c>/ram")), Optional.of(evil)));
        List<String> elements = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        List<String> arguments = new ArrayList<>();
        XMLStreamReader reader = XMLInputFactory.newFactory().createXMLStreamReader(new StringReader(xml));
        while (reader.hasNext()) {
            if (reader.next() == XMLStreamReader.START_ELEMENT) {
                elements.add(reader.getLocalName());
                if (reader.getLocalName().equals("arg")) {
                    arguments.add(reader.getAttributeValue(null, "value"));
                }
                if (List.of("name", "partition").contains(reader.getLocalName())) {
                    texts.add(reader.getElementText());
                }
            }
        }
        assertThat(elements).doesNotContain("disk");
        assertThat(texts).containsExactly(evil, evil);
        assertThat(arguments).contains("memory-backend-file,id=template,size=1073741824,mem-path=/a,,b\"<c>/ram,share=off,merge=off");
    }

    private static Machine machine(String name, Machine.Ram ram, Optional<String> partition) {
        return new Machine(name, 1L << 30, 2, Path.of("/state/images/i/vmlinuz"), Path.of("/state/images/i/initrd"), ram,
                new MachineFiles(Path.of("/state/run/a"), "vm", "libvirt-u"), partition, TranslationCache.mib(ram, false));
    }

    /** The golden files are indented for their readers; the driver's XML is not. */
    private static void assertGolden(String file, String xml) throws Exception {
        String golden;
        try (var in = DomainXmlTest.class.getResourceAsStream(file)) {
            golden = in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        assertThat(xml.replace("><", ">\n<")).isEqualTo(golden.replaceAll("(?m)^ +", "").strip());
    }
}
