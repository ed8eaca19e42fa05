package dev.agentruntime.supervisor;

import java.io.IOException;
import java.io.OutputStream;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

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
        StringBuilder text = new StringBuilder("<server description=\"What the agent needs besides\"><featureManager>");
        features.forEach(name -> text.append("<feature>").append(name).append("</feature>"));
        text.append("</featureManager>");
        String loader = "";
        if (Files.isDirectory(drivers(server))) {
            text.append("<library id=\"" + DRIVERS + "\"><fileset dir=\"${server.config.dir}/" + DRIVERS + "\" includes=\"*.jar\"/></library>");
            // For data sources that the application defines, a driver counts only where it is in a library of the application's.
            loader += " privateLibraryRef=\"" + DRIVERS + "\"";
        }
        if (anyOf(features, THIRD_PARTY)) {
            loader += " apiTypeVisibility=\"+third-party\"";
        }
        if (!loader.isEmpty()) {
            text.append("<webApplication id=\"agent\"><classloader").append(loader).append("/></webApplication>");
        }
        if (anyOf(features, NEED_KEY_STORE) && !hasKeyStore()) {
            text.append(keyStore());
        }
        return text.append("</server>\n").toString();
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
    private String keyStore() throws IOException {
        String name = "none.p12";
        try (OutputStream out = Files.newOutputStream(server.resolve(name))) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.store(out, PASSWORD.toCharArray());
        } catch (GeneralSecurityException e) {
            throw new IOException("An empty key store cannot be made: " + e.getMessage(), e);
        }
        return "<keyStore id=\"defaultKeyStore\" location=\"${server.config.dir}/" + name + "\" type=\"PKCS12\" password=\"" + PASSWORD
                + "\" readOnly=\"true\"/><ssl id=\"defaultSSLConfig\" keyStoreRef=\"defaultKeyStore\" trustDefaultCerts=\"true\"/>";
    }
}
