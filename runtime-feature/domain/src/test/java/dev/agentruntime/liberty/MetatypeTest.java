package dev.agentruntime.liberty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.config.MetatypeFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

final class MetatypeTest {

    @Test
    void everyAttributeHasANameAndASentence() throws Exception {
        Properties texts = texts();
        for (Element attribute : elements("AD")) {
            if (!attribute.getAttribute("name").equals("internal")) {
                assertThat(texts.getProperty(attribute.getAttribute("name").substring(1)))
                        .as(attribute.getAttribute("id")).isNotBlank();
                assertThat(texts.getProperty(attribute.getAttribute("description").substring(1)))
                        .as(attribute.getAttribute("id")).endsWith(".");
            }
        }
    }

    @Test
    void whatIsReadIsWhatCanBeWritten() throws Exception {
        assertThat(new MetatypeFile(MetatypeTest.class.getClassLoader()).names("agentRuntime")).containsExactlyInAnyOrderElementsOf(
                Stream.concat(AgentRuntimeComponent.ATTRIBUTES.stream(), AgentRuntimeComponent.INTERNAL.stream()).toList());
    }

    @Test
    void theDefaultsAreThoseOfTheReader() throws Exception {
        List<String> known = new ArrayList<>();
        for (Element attribute : elements("AD")) {
            known.add(attribute.getAttribute("id") + "=" + attribute.getAttribute("default"));
        }
        assertThat(known).contains("idleTimeout=15m", "maxLifetime=8h", "startTimeout=5m", "hypervisorTimeout=20s", "onStop=keep", "stopGrace=10s", "endGrace=15s", "maxSessions=200",
                "pingInterval=5s", "pingTimeout=15s", "hypervisor=auto", "acceleration=auto", "cpuModel=auto", "memory=1g", "vcpus=1",
                "dropinMemory=1g", "dataSource=jdbc/agentRuntime", "tenantClaim=tenant", "readyWhen=started", "sharing=version",
                "hibernateAfter=0", "hibernationDisk=10g");
    }

    /** Liberty refuses the whole element for one that is none and has no default: at the start, every agent. */
    @Test
    void aNumberWithoutADefaultIsLeftToTheReader() throws Exception {
        for (Element attribute : elements("AD")) {
            if (!attribute.hasAttribute("default")) {
                assertThat(attribute.getAttribute("type")).as(attribute.getAttribute("id")).isNotEqualTo("Integer");
            }
        }
    }

    @Test
    void theManualSaysTheSame() throws Exception {
        String manual = Files.readString(Path.of("../../docs/configuration.md"));
        Properties texts = texts();
        for (Element attribute : elements("AD")) {
            if (!attribute.getAttribute("name").equals("internal") && !attribute.hasAttribute("ibm:type")) {
                String standard = attribute.hasAttribute("default") ? "`" + attribute.getAttribute("default") + "`" : "none";
                assertThat(manual).contains("| `" + attribute.getAttribute("id") + "` | " + standard + " | "
                        + texts.getProperty(attribute.getAttribute("description").substring(1)) + " |");
            }
        }
    }

    private static List<Element> elements(String name) throws Exception {
        try (InputStream in = resource("OSGI-INF/metatype/metatype.xml")) {
            NodeList nodes = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(in).getElementsByTagName(name);
            List<Element> elements = new ArrayList<>();
            for (int i = 0; i < nodes.getLength(); i++) {
                elements.add((Element) nodes.item(i));
            }
            return elements;
        }
    }

    private static Properties texts() throws IOException {
        Properties texts = new Properties();
        try (InputStream in = resource("OSGI-INF/l10n/metatype.properties")) {
            texts.load(in);
        }
        return texts;
    }

    private static InputStream resource(String name) {
        return MetatypeTest.class.getClassLoader().getResourceAsStream(name);
    }
}
