package dev.agentruntime.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class MetatypeTest {

    @Test
    void theManualSaysWhatTheMetatypeSays() throws Exception {
        String manual = Files.readString(Path.of("../docs/configuration.md"));
        Properties texts = new Properties();
        try (InputStream in = resource("OSGI-INF/l10n/metatype.properties")) {
            texts.load(in);
        }
        NodeList attributes;
        try (InputStream in = resource("OSGI-INF/metatype/metatype.xml")) {
            attributes = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(in).getElementsByTagName("AD");
        }
        assertThat(attributes.getLength()).isEqualTo(7);
        for (int i = 0; i < attributes.getLength(); i++) {
            Element attribute = (Element) attributes.item(i);
            assertThat(texts.getProperty(attribute.getAttribute("name").substring(1))).isNotBlank();
            assertThat(manual).contains("| `" + attribute.getAttribute("id") + "` | `" + attribute.getAttribute("default") + "` | "
                    + texts.getProperty(attribute.getAttribute("description").substring(1)) + " |");
        }
    }

    private static InputStream resource(String name) {
        return MetatypeTest.class.getClassLoader().getResourceAsStream(name);
    }
}
