package dev.agentruntime.supervisor;

import java.io.IOException;
import java.io.OutputStream;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import javax.xml.stream.XMLStreamWriter;

/** The configuration by which Open Liberty gets features, and what they cannot do without in a server that is set up for an agent. */
final class AddedConfiguration {
    /** Counts after all others. */
    static final String NAME = "features.xml";
    /** By this name data sources of a configuration refer to the drivers. */
    private static final String DRIVERS = "drivers";
    /** Features whose packages an application sees only where that is asked for, and those that bring such a one. */
    private static final Pattern THIRD_PARTY = Pattern.compile("(?i)(mpTelemetry|microProfile)-.*");
    /** Features that do nothing, and say nothing of it, in a server without a key store. */
    private static final Pattern NEED_KEY_STORE = Pattern.compile("(?i)(mpJwt|jwt|microProfile|transportSecurity)-.*");
    /** By an element that says which key store the server has, its id then. */
    private static final Map<String, String> DEFAULT_IDS = Map.of("keyStore", "defaultKeyStore", "ssl", "defaultSSLConfig", "sslDefault", "");
    /** Of a key store that has nothing to hide. */
    private static final String PASSWORD = "none";

    private final Path server;

    /** @param server the server's folder, in which configurations and drivers lie already */
    AddedConfiguration(Path server) {
        this.server = server;
    }

    static Path overrides(Path server) {
        return server.resolve("configDropins/overrides");
    }

    static Path drivers(Path server) {
        return server.resolve(DRIVERS);
    }

    /** Its text. Makes a key store beside it where that is needed. */
    String text(List<String> features) throws IOException {
        StringWriter text = new StringWriter();
        try {
            XMLStreamWriter xml = XMLOutputFactory.newInstance().createXMLStreamWriter(text);
            xml.writeStartElement("server");
            xml.writeAttribute("description", "What the agent needs besides");
            writeFeatures(xml, features);
            writeLoader(xml, features);
            if (anyOf(features, NEED_KEY_STORE) && !hasKeyStore()) {
                writeKeyStore(xml);
            }
            xml.writeEndElement();
            xml.close();
        } catch (XMLStreamException e) {
            throw new IOException("The configuration with the agent's features cannot be written: " + e.getMessage(), e);
        }
        return text.append('\n').toString();
    }

    private static void writeFeatures(XMLStreamWriter xml, List<String> features) throws XMLStreamException {
        xml.writeStartElement("featureManager");
        for (String feature : features) {
            xml.writeStartElement("feature");
            xml.writeCharacters(feature);
            xml.writeEndElement();
        }
        xml.writeEndElement();
    }

    private void writeLoader(XMLStreamWriter xml, List<String> features) throws XMLStreamException {
        Map<String, String> loader = new LinkedHashMap<>();
        if (Files.isDirectory(drivers(server))) {
            xml.writeStartElement("library");
            xml.writeAttribute("id", DRIVERS);
            writeEmpty(xml, "fileset", "dir", "${server.config.dir}/" + DRIVERS, "includes", "*.jar");
            xml.writeEndElement();
            // For data sources that the application defines, a driver counts only where it is in a library of the application's.
            loader.put("privateLibraryRef", DRIVERS);
        }
        if (anyOf(features, THIRD_PARTY)) {
            loader.put("apiTypeVisibility", "+third-party");
        }
        if (!loader.isEmpty()) {
            xml.writeStartElement("webApplication");
            xml.writeAttribute("id", "agent");
            writeEmpty(xml, "classloader", loader.entrySet().stream().flatMap(entry -> Stream.of(entry.getKey(), entry.getValue())).toArray(String[]::new));
            xml.writeEndElement();
        }
    }

    /** @param attributes each a name, then its value */
    private static void writeEmpty(XMLStreamWriter xml, String element, String... attributes) throws XMLStreamException {
        xml.writeEmptyElement(element);
        for (int i = 0; i < attributes.length; i += 2) {
            xml.writeAttribute(attributes[i], attributes[i + 1]);
        }
    }

    private static boolean anyOf(List<String> features, Pattern pattern) {
        return features.stream().anyMatch(name -> pattern.matcher(name).matches());
    }

    /** Whether somebody has said which one the server is to have. One of another name does not do. */
    private boolean hasKeyStore() throws IOException {
        try (Stream<Path> files = Files.list(overrides(server))) {
            for (Path file : files.filter(other -> !other.endsWith(NAME)).toList()) {
                if (hasKeyStore(Files.readString(file))) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean hasKeyStore(String configuration) {
        XMLInputFactory factory = XMLInputFactory.newInstance();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        try {
            XMLStreamReader reader = factory.createXMLStreamReader(new StringReader(configuration));
            while (reader.hasNext()) {
                if (reader.next() == XMLStreamConstants.START_ELEMENT && DEFAULT_IDS.getOrDefault(reader.getLocalName(), "none")
                        .equals(Optional.ofNullable(reader.getAttributeValue(null, "id")).orElse(""))) {
                    return true;
                }
            }
            return false;
        } catch (XMLStreamException e) {
            // Open Liberty says so when it reads it.
            return false;
        }
    }

    /** One without keys, for all sessions of an agent would have the same ones; others are trusted as Java trusts them. */
    private void writeKeyStore(XMLStreamWriter xml) throws IOException, XMLStreamException {
        String name = "none.p12";
        try (OutputStream out = Files.newOutputStream(server.resolve(name))) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.store(out, PASSWORD.toCharArray());
        } catch (GeneralSecurityException e) {
            throw new IOException("An empty key store cannot be made: " + e.getMessage(), e);
        }
        writeEmpty(xml, "keyStore", "id", "defaultKeyStore", "location", "${server.config.dir}/" + name, "type", "PKCS12", "password", PASSWORD,
                "readOnly", "true");
        writeEmpty(xml, "ssl", "id", "defaultSSLConfig", "keyStoreRef", "defaultKeyStore", "trustDefaultCerts", "true");
    }
}
