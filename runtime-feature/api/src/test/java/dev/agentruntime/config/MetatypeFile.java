package dev.agentruntime.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** What a room's metatype says of its attributes, for the room's tests. */
public final class MetatypeFile {

    private final List<Element> attributes;
    private final Properties texts = new Properties();

    /** Reads the metatype of the module whose classes {@code room} loads. */
    public MetatypeFile(ClassLoader room) throws Exception {
        try (InputStream in = room.getResourceAsStream("OSGI-INF/metatype/metatype.xml")) {
            NodeList nodes = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(in).getElementsByTagName("AD");
            attributes = IntStream.range(0, nodes.getLength()).mapToObj(i -> (Element) nodes.item(i)).toList();
        }
        try (InputStream in = room.getResourceAsStream("OSGI-INF/l10n/metatype.properties")) {
            texts.load(in);
        }
    }

    public List<Element> attributes() {
        return attributes;
    }

    /** Of the attributes of the element whose OCD has this id, in their order. */
    public List<String> names(String ocd) {
        return attributes.stream().filter(attribute -> ((Element) attribute.getParentNode()).getAttribute("id").equals(ocd))
                .map(attribute -> attribute.getAttribute("id")).toList();
    }

    /** Each attribute has a name and a sentence, and the manual's table has the same sentence and the same default. */
    public void assertTheManualSaysTheSame() throws IOException {
        String manual = Files.readString(Path.of("../docs/configuration.md"));
        for (Element attribute : attributes) {
            String id = attribute.getAttribute("id");
            String sentence = texts.getProperty(attribute.getAttribute("description").substring(1));
            assertThat(texts.getProperty(attribute.getAttribute("name").substring(1))).as(id).isNotBlank();
            assertThat(sentence).as(id).endsWith(".");
            String standard = attribute.hasAttribute("default") ? "`" + attribute.getAttribute("default") + "`" : "none";
            assertThat(manual).contains("| `" + id + "` | " + standard + " | " + sentence + " |");
        }
    }
}
