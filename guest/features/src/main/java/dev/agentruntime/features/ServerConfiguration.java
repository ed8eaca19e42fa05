package dev.agentruntime.features;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * A file of Open Liberty's configuration that an agent's guest gets besides the platform's own.
 *
 * @param name     what messages call it
 * @param text     the file
 * @param features the features that it names
 * @param kinds    kinds of features without which its elements have no effect, such as "jdbc" for a data source
 */
record ServerConfiguration(String name, String text, List<String> features, Set<String> kinds) {

    /** In bytes. */
    static final int LONGEST = 256 * 1024;
    /** Where a WAR has its own. */
    static final String IN_WAR = "WEB-INF/agent-server.xml";

    /** The platform reaches the agent by what these say. */
    private static final Set<String> OURS = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    /** By an element, the kind of feature without which it has no effect. */
    private static final Map<String, String> KINDS = Map.of("dataSource", "jdbc", "jdbcDriver", "jdbc", "mailSession", "mail", "mpJwt", "mpJwt",
            "basicRegistry", "appSecurity", "quickStartSecurity", "appSecurity");
    private static final int DEEPEST = 32;

    static {
        OURS.addAll(List.of("httpEndpoint", "virtualHost", "tcpOptions", "application", "webApplication", "enterpriseApplication", "ejbApplication",
                "springBootApplication", "applicationManager", "applicationMonitor", "config", "logging", "include"));
    }

    /** @throws UnsuitableException it is no configuration of a server, or changes what is the platform's */
    static ServerConfiguration of(String name, String text) {
        XMLInputFactory factory = XMLInputFactory.newInstance();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        try {
            XMLStreamReader reader = factory.createXMLStreamReader(new StringReader(text));
            String encoding = Optional.ofNullable(reader.getCharacterEncodingScheme()).orElse("UTF-8");
            if (!encoding.equalsIgnoreCase("UTF-8")) {
                throw new UnsuitableException(name + " is written in " + encoding + ": write it in UTF-8.");
            }
            List<String> features = new ArrayList<>();
            Set<String> kinds = new TreeSet<>();
            read(name, reader, features, kinds);
            reader.close();
            return new ServerConfiguration(name, text, List.copyOf(features), Set.copyOf(kinds));
        } catch (XMLStreamException e) {
            throw new UnsuitableException(name + " is not well-formed XML: " + e.getMessage().replaceAll("\\s+", " "));
        }
    }

    private static void read(String name, XMLStreamReader reader, List<String> features, Set<String> kinds) throws XMLStreamException {
        List<String> path = new ArrayList<>();
        while (reader.hasNext()) {
            int event = reader.next();
            if (event == XMLStreamConstants.DTD || event == XMLStreamConstants.ENTITY_REFERENCE) {
                throw new UnsuitableException(name + " has a document type or an entity, which a configuration must not have: take it out.");
            } else if (event == XMLStreamConstants.START_ELEMENT) {
                path.add(reader.getLocalName());
                check(name, path, reader.getLocation().getLineNumber());
                Optional.ofNullable(KINDS.get(reader.getLocalName())).filter(kind -> path.size() == 2).ifPresent(kinds::add);
                if (path.equals(List.of("server", "featureManager", "feature"))) {
                    features.add(reader.getElementText().strip());
                    path.remove(path.size() - 1);
                }
            } else if (event == XMLStreamConstants.END_ELEMENT) {
                path.remove(path.size() - 1);
            }
        }
    }

    private static void check(String name, List<String> path, int line) {
        if (!path.get(0).equals("server")) {
            throw new UnsuitableException(name + " has the root element <" + path.get(0) + ">: a configuration of Open Liberty begins with <server>.");
        }
        if (path.size() > DEEPEST) {
            throw new UnsuitableException(name + ", line " + line + ": elements are nested more than " + DEEPEST + " deep.");
        }
        if (path.size() == 2 && OURS.contains(path.get(1))) {
            throw new UnsuitableException(name + ", line " + line + ": <" + path.get(1) + "> is the platform's to set, which reaches the agent by it."
                    + " Take the element out; the agent is served at / whatever it says.");
        }
        if (path.size() == 3 && path.get(1).equals("featureManager") && !path.get(2).equals("feature")) {
            throw new UnsuitableException(name + ", line " + line + ": <featureManager> may hold <feature> only: take <" + path.get(2) + "> out.");
        }
    }

    /** As the error about a file that is too large. */
    static UnsuitableException tooLong(String name) {
        return new UnsuitableException(name + " is larger than " + LONGEST / 1024 + " KiB, which a configuration must not be.");
    }
}
