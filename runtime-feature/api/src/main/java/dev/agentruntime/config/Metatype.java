package dev.agentruntime.config;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * What the elements of a room have, as its metatype tells it to Liberty. Liberty hands over what an element does not have as well and
 * says nothing of it, so that a mistyped name would bring about nothing. Immutable.
 */
public final class Metatype {

    private static final String FILE = "OSGI-INF/metatype/metatype.xml";
    private static final String IBM = "http://www.ibm.com/xmlns/appservers/osgi/metatype/v1.0.0";

    /** The names that each kind of element has, each with the kind of the elements that it names; empty text where it names none. */
    private final Map<String, Map<String, String>> kinds;

    private Metatype(Map<String, Map<String, String>> kinds) {
        this.kinds = kinds;
    }

    /**
     * The metatype of a room.
     *
     * @param room a class of its bundle
     */
    public static Metatype of(Class<?> room) {
        Map<String, Map<String, String>> kinds = new LinkedHashMap<>();
        try {
            // A bundle has one. Where several are in one class path, as in tests, each has kinds of its own.
            for (URL file : Collections.list(room.getClassLoader().getResources(FILE))) {
                try (InputStream in = file.openStream()) {
                    read(in, kinds);
                }
            }
        } catch (IOException | XMLStreamException e) {
            throw new IllegalStateException(FILE + " beside " + room.getName() + " cannot be read: " + e.getMessage(), e);
        }
        if (kinds.isEmpty()) {
            throw new IllegalStateException("There is no " + FILE + " beside " + room.getName());
        }
        return new Metatype(kinds);
    }

    private static void read(InputStream in, Map<String, Map<String, String>> kinds) throws XMLStreamException {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        XMLStreamReader xml = factory.createXMLStreamReader(in);
        Map<String, String> kind = Map.of();
        while (xml.hasNext()) {
            if (xml.next() == XMLStreamConstants.START_ELEMENT) {
                String id = xml.getAttributeValue(null, "id");
                if (xml.getLocalName().equals("OCD")) {
                    kind = new LinkedHashMap<>();
                    kinds.put(id, kind);
                } else if (xml.getLocalName().equals("AD")) {
                    String reference = xml.getAttributeValue(IBM, "reference");
                    kind.put(id, reference == null ? "" : reference);
                }
            }
        }
    }

    /**
     * The attributes and elements that an element has.
     *
     * @param kind as the metatype calls it, such as {@code agentRuntime.agent}
     */
    public List<String> names(String kind) {
        return List.copyOf(kinds.get(kind).keySet());
    }

    /**
     * Adds a problem for each attribute or element of {@code element}, and of those inside it, that it does not have. What is inside and of
     * another room is that room's to check.
     *
     * @param kind as the metatype calls the element
     */
    public void check(Attributes element, String kind) {
        element.nothingBut(names(kind));
        kinds.get(kind).forEach((name, inside) -> {
            if (kinds.containsKey(inside)) {
                element.nested(name).forEach(one -> check(one, inside));
            }
        });
    }

    /**
     * The same for whoever takes nothing of an element that has more than it may, for what was mistyped may have restricted it: nothing is added.
     *
     * @return what is wrong, in sentences of which the last has no full stop
     */
    public Optional<String> problem(Attributes element, String kind) {
        Attributes strict = element.strictly();
        check(strict, kind);
        return Optional.of(String.join(" ", strict.problems())).filter(text -> !text.isEmpty()).map(text -> text.substring(0, text.length() - 1));
    }
}
