package dev.agentruntime.agentctl;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * The server that a project's agent is tried on.
 *
 * @param name of its WAR, without {@code .war}
 */
record DevServer(Path project, String name, int port, List<String> features) {

    /** What a guest has, or gets where a WAR needs it. */
    static final String FEATURES = "webProfile-10.0,microProfile-6.1";
    static final String SESSION_HEADER = "X-Amzn-Bedrock-AgentCore-Runtime-Session-Id";
    /** AgentCore's clients send 33 characters and more. */
    static final String SESSION = "dev-session-00000000000000000000000001";

    private static final String PLUGIN = "io.openliberty.tools:liberty-maven-plugin:3.12.0";

    private Path folder() {
        return project.resolve("target/agent-dev");
    }

    /** In a folder of its own: liberty:dev watches all that is below it, and ends where a file goes meanwhile, as a running server's do. */
    private Path serverXml() {
        return folder().resolve("config/server.xml");
    }

    private Path own() {
        return project.resolve("src/main/liberty/config/server.xml");
    }

    /** Goal and options for Maven. A server.xml of the project's own is taken as it is; it finds the port in {@code agent.dev.port}. */
    List<String> goal(Optional<Path> runtime) {
        List<String> options = new ArrayList<>(List.of(PLUGIN + ":dev", "-DuserDirectory=" + folder().resolve("usr"), "-DserverName=agent-dev",
                "-DlooseApplication=true", "-DstripVersion=true", "-DdeployPackages=project", "-DskipTests=true", "-Ddebug=false", "-DserverStartTimeout=300",
                "-Dliberty.var.agent.dev.port=" + port));
        if (!Files.exists(own())) {
            options.add("-DserverXmlFile=" + serverXml());
        }
        runtime.ifPresent(wlp -> options.addAll(List.of("-DinstallDirectory=" + wlp, "-DskipInstallFeature=true")));
        return options;
    }

    void write() throws IOException {
        Files.createDirectories(serverXml().getParent());
        try (Writer text = Files.newBufferedWriter(serverXml())) {
            XMLStreamWriter xml = XMLOutputFactory.newFactory().createXMLStreamWriter(text);
            xml.writeStartElement("server");
            xml.writeStartElement("featureManager");
            for (String feature : features) {
                xml.writeStartElement("feature");
                xml.writeCharacters(feature);
                xml.writeEndElement();
            }
            xml.writeEndElement();
            element(xml, "httpEndpoint", "id", "defaultHttpEndpoint", "host", "localhost", "httpPort", String.valueOf(port), "httpsPort", "-1");
            element(xml, "webApplication", "id", "agent", "name", name, "location", name + ".war", "contextRoot", "/");
            xml.writeEndElement();
            xml.close();
        } catch (XMLStreamException e) {
            throw new IOException(e);
        }
    }

    private static void element(XMLStreamWriter xml, String name, String... attributes) throws XMLStreamException {
        xml.writeEmptyElement(name);
        for (int i = 0; i < attributes.length; i += 2) {
            xml.writeAttribute(attributes[i], attributes[i + 1]);
        }
    }
}
