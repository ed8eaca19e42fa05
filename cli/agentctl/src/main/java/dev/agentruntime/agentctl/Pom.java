package dev.agentruntime.agentctl;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/** As much of a project's POM as a name needs. What it inherits is not looked up. */
record Pom(Path file, String artifact, Optional<String> version, Optional<String> finalName) {

    static Pom of(Path file) {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            var builder = factory.newDocumentBuilder();
            builder.setErrorHandler(null);
            Element project = builder.parse(file.toFile()).getDocumentElement();
            Optional<String> version = child(project, "version").or(() -> element(project, "parent").flatMap(parent -> child(parent, "version")));
            return new Pom(file, child(project, "artifactId").orElseThrow(() -> new Problem(ExitCode.USAGE, file + " has no artifactId.")), version,
                    element(project, "build").flatMap(build -> child(build, "finalName")));
        } catch (IOException | SAXException | ParserConfigurationException e) {
            throw new Problem(ExitCode.USAGE, file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** The WAR's, without its version at the end. */
    String warName() {
        String name = finalName.orElse(artifact).replaceAll("\\$\\{(project\\.)?artifactId}", java.util.regex.Matcher.quoteReplacement(artifact));
        String plain = version.map(one -> name.replaceAll("\\$\\{(project\\.)?version}", java.util.regex.Matcher.quoteReplacement(one)))
                .map(full -> full.endsWith("-" + version.get()) ? full.substring(0, full.length() - version.get().length() - 1) : full).orElse(name);
        if (!plain.matches("[\\w.-]+")) {
            throw new Problem(ExitCode.USAGE, "The finalName '" + plain + "' of " + file + " has something that only Maven knows. Say --war NAME.");
        }
        return plain;
    }

    private static Optional<String> child(Element parent, String name) {
        return element(parent, name).map(Node::getTextContent).map(String::strip).filter(text -> !text.isEmpty());
    }

    private static Optional<Element> element(Element parent, String name) {
        for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element && element.getNodeName().equals(name)) {
                return Optional.of(element);
            }
        }
        return Optional.empty();
    }
}
