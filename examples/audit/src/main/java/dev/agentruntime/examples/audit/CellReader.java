package dev.agentruntime.examples.audit;

import java.math.BigDecimal;
import java.util.Map;
import java.util.Set;
import org.xml.sax.Attributes;
import org.xml.sax.helpers.DefaultHandler;

/** Finds the numbers of some cells in a sheet's XML. */
final class CellReader extends DefaultHandler {

    private static final int LONGEST_NUMBER_CHARS = 64;

    private final String prefix;
    private final Set<String> wanted;
    private final Map<String, BigDecimal> found;
    private final StringBuilder value = new StringBuilder();
    private String cell = "";
    private boolean inValue;
    private long cells;

    CellReader(String sheet, Set<String> wanted, Map<String, BigDecimal> found) {
        this.prefix = sheet + "!";
        this.wanted = wanted;
        this.found = found;
    }

    long cells() {
        return cells;
    }

    @Override
    public void startElement(String uri, String localName, String name, Attributes attributes) {
        if (localName.equals("c")) {
            cells++;
            String full = prefix + attributes.getValue("r");
            cell = wanted.contains(full) ? full : "";
            if (!cell.isEmpty() && !isNumber(attributes.getValue("t"))) {
                throw new UnreadableException("The cell " + cell + " holds no number: it is of the type " + attributes.getValue("t"));
            }
        } else if (localName.equals("v") && !cell.isEmpty()) {
            inValue = true;
            value.setLength(0);
        }
    }

    /** A text's value is where the text lies, and a truth's is 0 or 1. */
    private static boolean isNumber(String type) {
        return type == null || type.equals("n");
    }

    @Override
    public void characters(char[] text, int start, int length) {
        if (inValue && value.length() + length <= LONGEST_NUMBER_CHARS) {
            value.append(text, start, length);
        }
    }

    @Override
    public void endElement(String uri, String localName, String name) {
        if (inValue && localName.equals("v")) {
            inValue = false;
            try {
                found.put(cell, new BigDecimal(value.toString().strip()));
            } catch (NumberFormatException e) {
                throw new UnreadableException("The cell " + cell + " holds no number: " + value, e);
            }
        }
    }
}
