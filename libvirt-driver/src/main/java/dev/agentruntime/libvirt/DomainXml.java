package dev.agentruntime.libvirt;

import dev.agentruntime.libvirt.Machine.Ram;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Optional;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** Writes libvirt's description of a VM (https://libvirt.org/formatdomain.html). */
final class DomainXml {

    private static final String QEMU = "http://libvirt.org/schemas/domain/qemu/1.0";

    private final HostProfile host;
    private final Machine machine;
    private final XMLStreamWriter xml;

    private DomainXml(HostProfile host, Machine machine, XMLStreamWriter xml) {
        this.host = host;
        this.machine = machine;
        this.xml = xml;
    }

    static String of(HostProfile host, Machine machine) {
        StringWriter text = new StringWriter();
        try {
            XMLStreamWriter writer = XMLOutputFactory.newFactory().createXMLStreamWriter(text);
            new DomainXml(host, machine, writer).domain();
            writer.close();
        } catch (XMLStreamException e) {
            throw new IllegalStateException("XML could not be written to a string", e);
        }
        return text.toString();
    }

    private void domain() throws XMLStreamException {
        xml.setPrefix("qemu", QEMU);
        xml.writeStartElement("domain");
        xml.writeNamespace("qemu", QEMU);
        attributes("type", host.acceleration().libvirtType());
        text("name", machine.name());
        text("uuid", Confinement.uuid(machine.name()).toString());
        start("metadata");
        new VmNote(VmNote.REVISION, machine.memoryBytes(), machine.ram() instanceof Machine.Ram.Private clone ? clone.note() : Optional.empty()).write(xml);
        end();
        text("memory", Long.toString(machine.memoryBytes()), "unit", "b");
        text("vcpu", Integer.toString(machine.vcpus()));
        if (machine.partition().isPresent()) {
            start("resource");
            text("partition", machine.partition().get());
            end();
        }
        operatingSystem();
        features();
        processor(host.verdict().cpu());
        text("on_poweroff", "destroy");
        text("on_reboot", "destroy");
        text("on_crash", "destroy");
        devices();
        securityLabel();
        commandLine();
        end();
    }

    private void operatingSystem() throws XMLStreamException {
        start("os");
        text("type", "hvm", "arch", "x86_64", "machine", host.machineType());
        if (!machine.loads()) {
            // A state that is loaded has them in its memory, and QEMU would keep a copy of the kernel in each VM's heap.
            text("kernel", machine.kernel().toString());
            text("initrd", machine.initrd().toString());
            text("cmdline", host.acceleration().commandLine());
        }
        end();
    }

    private void features() throws XMLStreamException {
        start("features");
        empty("acpi");
        if (host.acceleration() == Acceleration.TCG) {
            start("tcg");
            text("tb-cache", Integer.toString(machine.translationMib()), "unit", "MiB");
            end();
        }
        if (!host.verdict().cpu().hasCounters()) {
            empty("pmu", "state", "off");
        }
        end();
    }

    /** Not checked by libvirt: the probe VM has booted with it. */
    private void processor(CpuModel cpu) throws XMLStreamException {
        if (!cpu.isNamed() && cpu.featuresWithout().isEmpty()) {
            empty("cpu", "mode", cpu.mode());
            return;
        }
        start("cpu", "mode", cpu.mode());
        if (cpu.isNamed()) {
            attributes("match", "exact", "check", "none");
            text("model", cpu.name(), "fallback", "forbid");
        }
        for (String feature : cpu.featuresWithout()) {
            empty("feature", "policy", "disable", "name", feature);
        }
        end();
    }

    /** No network card, no USB, no disk, no display: one console to a file and two channels. */
    private void devices() throws XMLStreamException {
        start("devices");
        text("emulator", host.emulator().toString());
        empty("controller", "type", "usb", "model", "none");
        empty("memballoon", "model", "none");
        start("serial", "type", "file");
        empty("source", "path", machine.files().log().toString());
        empty("target", "port", "0");
        end();
        channel("agent", machine.files().socket());
        channel("egress", machine.files().wayOut());
        end();
    }

    private void channel(String name, Path socket) throws XMLStreamException {
        start("channel", "type", "unix");
        empty("source", "mode", "bind", "path", socket.toString());
        empty("target", "type", "virtio", "name", name);
        end();
    }

    /**
     * Pins the user QEMU runs as and stops libvirt from changing the owner of kernel, initrd and log at every start and
     * end: the driver has given them their owner already. Nothing is said of AppArmor and SELinux, so both stay on.
     */
    private void securityLabel() throws XMLStreamException {
        if (host.qemuUser().isPresent()) {
            start("seclabel", "type", "static", "model", "dac", "relabel", "no");
            text("label", host.qemuUser().get().label());
            end();
        }
    }

    private void commandLine() throws XMLStreamException {
        xml.writeStartElement("qemu", "commandline", QEMU);
        // Its twelve buffers are 1.6 MiB of each VM; libvirt takes it for a part of the machine that cannot be left out.
        argument("-machine");
        argument("sata=off");
        argument("-chardev");
        argument("socket,id=monitor-of-ours,path=" + option(machine.files().monitor()) + ",server=on,wait=off");
        argument("-mon");
        argument("chardev=monitor-of-ours,mode=control");
        if (machine.ram() instanceof Ram.Shared shared) {
            ramFile(shared.file(), "on");
        } else if (machine.ram() instanceof Ram.Private clone) {
            // The host may merge like pages (KSM), and how long a write takes then tells what others have in theirs.
            ramFile(clone.file(), "off,merge=off");
        }
        end();
    }

    private void ramFile(Path file, String share) throws XMLStreamException {
        argument("-object");
        argument("memory-backend-file,id=template,size=" + machine.memoryBytes() + ",mem-path=" + option(file) + ",share=" + share);
        argument("-machine");
        argument("memory-backend=template");
        if (machine.loads()) {
            argument("-incoming");
            argument("defer");
        }
    }

    private void argument(String value) throws XMLStreamException {
        xml.writeEmptyElement("qemu", "arg", QEMU);
        xml.writeAttribute("value", value);
    }

    /** A comma ends an option of QEMU's unless it is doubled. */
    private static String option(Path file) {
        return file.toString().replace(",", ",,");
    }

    private void start(String name, String... attributes) throws XMLStreamException {
        xml.writeStartElement(name);
        attributes(attributes);
    }

    private void empty(String name, String... attributes) throws XMLStreamException {
        xml.writeEmptyElement(name);
        attributes(attributes);
    }

    private void text(String name, String value, String... attributes) throws XMLStreamException {
        start(name, attributes);
        xml.writeCharacters(value);
        end();
    }

    private void attributes(String... attributes) throws XMLStreamException {
        for (int i = 0; i < attributes.length; i += 2) {
            xml.writeAttribute(attributes[i], attributes[i + 1]);
        }
    }

    private void end() throws XMLStreamException {
        xml.writeEndElement();
    }
}
