package dev.agentruntime.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class MetatypeTest {

    @Test
    void everyAttributeHasANameAndASentenceAndTheManualSaysTheSame() throws Exception {
        String manual = Files.readString(Path.of("../docs/configuration.md"));
        Properties texts = texts();
        for (Element attribute : attributes()) {
            String id = attribute.getAttribute("id");
            String sentence = texts.getProperty(attribute.getAttribute("description").substring(1));
            assertThat(texts.getProperty(attribute.getAttribute("name").substring(1))).as(id).isNotBlank();
            assertThat(sentence).as(id).endsWith(".");
            String standard = attribute.hasAttribute("default") ? "`" + attribute.getAttribute("default") + "`" : "none";
            assertThat(manual).contains("| `" + id + "` | " + standard + " | " + sentence + " |");
        }
    }

    @Test
    void secretsArePasswords() throws Exception {
        assertThat(attributes()).filteredOn(attribute -> attribute.getAttribute("ibm:type").equals("password"))
                .extracting(attribute -> attribute.getAttribute("id")).containsExactly("secret");
    }

    private static List<Element> attributes() throws Exception {
        try (InputStream in = MetatypeTest.class.getClassLoader().getResourceAsStream("OSGI-INF/metatype/metatype.xml")) {
            NodeList nodes = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(in).getElementsByTagName("AD");
            List<Element> elements = new ArrayList<>();
            for (int i = 0; i < nodes.getLength(); i++) {
                elements.add((Element) nodes.item(i));
            }
            return elements;
        }
    }

    private static Properties texts() throws IOException {
        Properties texts = new Properties();
        try (InputStream in = MetatypeTest.class.getClassLoader().getResourceAsStream("OSGI-INF/l10n/metatype.properties")) {
            texts.load(in);
        }
        return texts;
    }
}
