package dev.agentruntime.libvirt;

import dev.agentruntime.spi.VmException;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * What libvirt says it can run (https://libvirt.org/formatcaps.html), reduced to x86_64 guests.
 *
 * @param emulator    QEMU's binary
 * @param machineType the newest versioned q35
 * @param domainTypes {@code qemu} and, where libvirt believes in it, {@code kvm}
 * @param dacUser     the user QEMU runs as; empty when it is libvirt's own
 */
record Capabilities(Path emulator, String machineType, Set<String> domainTypes, Optional<QemuUser> dacUser) {

    Capabilities {
        domainTypes = Set.copyOf(domainTypes);
    }

    static Capabilities parse(String xml) {
        try {
            return new Reader().read(xml);
        } catch (XMLStreamException e) {
            throw new VmException("libvirt's capabilities could not be read: " + e.getMessage()
                    + ". The driver knows libvirt 9.0; please report this with libvirt's version", e);
        }
    }

    private static final class Reader {
        private final Deque<String> path = new ArrayDeque<>();
        private final StringBuilder text = new StringBuilder();
        private final Set<String> types = new HashSet<>();
        private String arch = "";
        private String canonical = "";
        private String model = "";
        private String emulator = "";
        private String q35 = "";
        private QemuUser user;

        Capabilities read(String xml) throws XMLStreamException {
            XMLInputFactory factory = XMLInputFactory.newFactory();
            factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
            XMLStreamReader reader = factory.createXMLStreamReader(new StringReader(xml));
            while (reader.hasNext()) {
                switch (reader.next()) {
                    case XMLStreamConstants.START_ELEMENT -> begin(reader);
                    case XMLStreamConstants.CHARACTERS -> text.append(reader.getText());
                    case XMLStreamConstants.END_ELEMENT -> end(reader.getLocalName());
                    default -> { }
                }
            }
            if (emulator.isEmpty() || q35.isEmpty()) {
                throw new VmException("libvirt knows no QEMU for x86_64 with a q35 machine. Install qemu-system-x86 (Debian) or"
                        + " qemu-kvm (RHEL) and restart libvirtd");
            }
            return new Capabilities(Path.of(emulator), q35, types, Optional.ofNullable(user));
        }

        private void begin(XMLStreamReader reader) {
            String name = reader.getLocalName();
            path.push(name);
            text.setLength(0);
            switch (name) {
                case "arch" -> arch = attribute(reader, "name");
                case "machine" -> canonical = attribute(reader, "canonical");
                case "domain" -> {
                    if (x86()) {
                        types.add(attribute(reader, "type"));
                    }
                }
                default -> { }
            }
        }

        private void end(String name) {
            path.pop();
            String value = text.toString().strip();
            switch (name) {
                case "emulator" -> {
                    if (x86() && emulator.isEmpty()) {
                        emulator = value;
                    }
                }
                case "machine" -> {
                    if (x86() && value.equals("q35") && !canonical.isEmpty()) {
                        q35 = canonical;
                    }
                }
                case "model" -> model = value;
                case "baselabel" -> {
                    if (model.equals("dac") && "secmodel".equals(path.peek())) {
                        user = parseUser(value);
                    }
                }
                default -> { }
            }
            text.setLength(0);
        }

        /** Inside a guest of this architecture; the host's own arch element has no name. */
        private boolean x86() {
            return arch.equals("x86_64") && path.contains("guest");
        }

        private static QemuUser parseUser(String label) {
            String[] ids = label.replace("+", "").split(":");
            return new QemuUser(Integer.parseInt(ids[0]), Integer.parseInt(ids[1]));
        }

        private static String attribute(XMLStreamReader reader, String name) {
            String value = reader.getAttributeValue(null, name);
            return value == null ? "" : value;
        }
    }
}
