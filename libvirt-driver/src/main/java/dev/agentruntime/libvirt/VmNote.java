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
 */
record VmNote(int revision, long memoryBytes) {

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
    }

    /** Empty where the description has none that can be read. */
    static Optional<VmNote> read(String description) {
        try {
            XMLStreamReader xml = reader(description);
            while (xml.hasNext()) {
                if (xml.next() == XMLStreamConstants.START_ELEMENT && xml.getLocalName().equals(ELEMENT) && NAMESPACE.equals(xml.getNamespaceURI())) {
                    return Optional.of(new VmNote(Integer.parseInt(xml.getAttributeValue(null, "revision")),
                            Long.parseLong(xml.getAttributeValue(null, "memory"))));
                }
            }
            return Optional.empty();
        } catch (XMLStreamException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static XMLStreamReader reader(String description) throws XMLStreamException {
        XMLInputFactory factory = XMLInputFactory.newFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        return factory.createXMLStreamReader(new StringReader(description));
    }
}
