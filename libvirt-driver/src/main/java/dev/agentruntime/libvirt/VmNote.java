package dev.agentruntime.libvirt;

import java.io.StringReader;
import java.util.Optional;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import javax.xml.stream.XMLStreamWriter;

/**
 * What the driver writes into a VM's description for a later run of the server, which may be a later version of it.
 *
 * @param revision    of what host and guest say to each other and of where the VM's files lie: another version of the driver with the
 *                    same one can go on with the VM
 * @param memoryBytes the guest's memory
 * @param origin      what it is a clone of; empty of others, and of those of earlier versions
 */
record VmNote(int revision, long memoryBytes, Optional<CloneNote> origin) {

    /** To be raised with every change that keeps a VM of before from being taken up. */
    static final int REVISION = 1;

    private static final String NAMESPACE = "urn:dev.agentruntime:vm:1";
    private static final String PREFIX = "agrt";
    private static final String ELEMENT = "vm";

    /** Within the element {@code metadata}. */
    void write(XMLStreamWriter xml) throws XMLStreamException {
        xml.writeEmptyElement(PREFIX, ELEMENT, NAMESPACE);
        xml.writeNamespace(PREFIX, NAMESPACE);
        xml.writeAttribute("revision", Integer.toString(revision));
        xml.writeAttribute("memory", Long.toString(memoryBytes));
        if (origin.isPresent()) {
            xml.writeAttribute("template", origin.get().template());
            xml.writeAttribute("imprint", origin.get().imprint());
            xml.writeAttribute("vcpus", Integer.toString(origin.get().vcpus()));
            xml.writeAttribute("hearsItsEnd", Boolean.toString(origin.get().hearsItsEnd()));
            xml.writeAttribute("addsFeatures", Boolean.toString(origin.get().addsFeatures()));
            if (origin.get().hostName().isPresent()) {
                xml.writeAttribute("hostName", origin.get().hostName().get());
            }
        }
    }

    /** Empty where the description has none that can be read. */
    static Optional<VmNote> read(String description) {
        try {
            XMLStreamReader xml = reader(description);
            while (xml.hasNext()) {
                if (xml.next() == XMLStreamConstants.START_ELEMENT && xml.getLocalName().equals(ELEMENT) && NAMESPACE.equals(xml.getNamespaceURI())) {
                    return Optional.of(new VmNote(Integer.parseInt(xml.getAttributeValue(null, "revision")),
                            Long.parseLong(xml.getAttributeValue(null, "memory")), origin(xml)));
                }
            }
            return Optional.empty();
        } catch (XMLStreamException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static Optional<CloneNote> origin(XMLStreamReader xml) {
        String template = xml.getAttributeValue(null, "template");
        String imprint = xml.getAttributeValue(null, "imprint");
        return template == null || imprint == null ? Optional.empty() : Optional.of(new CloneNote(template, imprint,
                Integer.parseInt(xml.getAttributeValue(null, "vcpus")), Boolean.parseBoolean(xml.getAttributeValue(null, "hearsItsEnd")),
                Boolean.parseBoolean(xml.getAttributeValue(null, "addsFeatures")), Optional.ofNullable(xml.getAttributeValue(null, "hostName"))));
    }

    private static XMLStreamReader reader(String description) throws XMLStreamException {
        XMLInputFactory factory = XMLInputFactory.newFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        return factory.createXMLStreamReader(new StringReader(description));
    }
}
