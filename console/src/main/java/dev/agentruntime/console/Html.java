package dev.agentruntime.console;

import java.io.StringWriter;
import java.util.Set;
import java.util.regex.Pattern;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * Writes a page, element by element. What is handed over as text or as the value of an attribute stays that, whoever wrote it: it is escaped by
 * the JDK's writer of XML. What a strict policy of contents forbids cannot be written: no script, no style, no handler of events, and no link
 * that leads away from this server. For one thread.
 */
final class Html {

    private static final Set<String> FORBIDDEN = Set.of("script", "style", "iframe", "object", "embed", "base", "frame", "svg", "math");
    private static final Set<String> LINKS = Set.of("href", "action", "src", "formaction");
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]*");
    /** Control characters but for tab and line feed, and what is no character. */
    private static final Pattern NO_TEXT = Pattern.compile("[\\p{Cc}\\p{Cs}&&[^\\t\\n]]");

    private final StringWriter text = new StringWriter();
    private final XMLStreamWriter out;

    Html() {
        text.write("<!DOCTYPE html>\n");
        try {
            out = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(text);
        } catch (XMLStreamException e) {
            throw new IllegalStateException("The JDK writes no XML: " + e.getMessage(), e);
        }
    }

    /** Opens an element; {@code attributes} are names and values in turn. */
    Html open(String element, String... attributes) {
        return write(() -> {
            out.writeStartElement(allowed(element));
            attributes(attributes);
        });
    }

    /** Closes the element that was opened last. */
    Html close() {
        return write(() -> out.writeEndElement());
    }

    /** An element with nothing but text. */
    Html with(String element, String content, String... attributes) {
        return open(element, attributes).text(content).close();
    }

    /** One of HTML's elements that have no end, such as {@code input}. */
    Html alone(String element, String... attributes) {
        return write(() -> {
            out.writeEmptyElement(allowed(element));
            attributes(attributes);
        });
    }

    Html text(String content) {
        return write(() -> out.writeCharacters(plain(content)));
    }

    /** The page; what is open is closed. */
    String page() {
        write(() -> {
            out.writeEndDocument();
            out.flush();
        });
        return text.toString();
    }

    private void attributes(String... attributes) throws XMLStreamException {
        for (int i = 0; i < attributes.length; i += 2) {
            String name = attributes[i];
            String value = attributes[i + 1];
            if (!NAME.matcher(name).matches() || name.startsWith("on") || name.equals("style") || name.equals("srcdoc")) {
                throw new IllegalArgumentException("The attribute " + name + " may not be on a page");
            }
            if (LINKS.contains(name) && !(value.startsWith("/") && !value.startsWith("//") && !value.startsWith("/\\") || value.startsWith("#"))) {
                throw new IllegalArgumentException("The link " + value + " leads away from this server");
            }
            out.writeAttribute(name, plain(value));
        }
    }

    private static String allowed(String element) {
        if (!NAME.matcher(element).matches() || FORBIDDEN.contains(element)) {
            throw new IllegalArgumentException("The element " + element + " may not be on a page");
        }
        return element;
    }

    private static String plain(String content) {
        return NO_TEXT.matcher(content).replaceAll("\uFFFD");
    }

    private interface Written {
        void to() throws XMLStreamException;
    }

    private Html write(Written part) {
        try {
            part.to();
        } catch (XMLStreamException e) {
            throw new IllegalStateException("A page in memory cannot be written: " + e.getMessage(), e);
        }
        return this;
    }
}
