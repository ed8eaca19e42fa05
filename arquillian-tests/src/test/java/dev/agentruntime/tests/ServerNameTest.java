package dev.agentruntime.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class ServerNameTest {

    /** Arquillian takes any Liberty for its server whose command line has the server's name somewhere in it. */
    @Test
    void noPathOfATestsOwnServerHasTheNameOfArquilliansServerInIt() throws Exception {
        String name = serverName();
        assertThat(name).isNotBlank();
        assertThat(Path.of("target/untouched/wlp/bin/tools/ws-server.jar").toAbsolutePath().toString()).doesNotContain(name);
    }

    private static String serverName() throws Exception {
        try (InputStream in = ServerNameTest.class.getResourceAsStream("/arquillian.xml")) {
            Document document = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(in);
            NodeList properties = document.getElementsByTagName("property");
            return Stream.iterate(0, i -> i < properties.getLength(), i -> i + 1).map(i -> (Element) properties.item(i))
                    .filter(property -> property.getAttribute("name").equals("serverName"))
                    .map(Element::getTextContent).findFirst().orElseThrow();
        }
    }
}
