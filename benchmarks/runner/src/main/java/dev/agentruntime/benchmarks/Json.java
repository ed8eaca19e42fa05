package dev.agentruntime.benchmarks;

import java.util.Iterator;
import java.util.Map;

/** Writes maps, lists, texts, numbers and booleans as JSON, indented. */
final class Json {

    private Json() {}

    static String of(Object value) {
        StringBuilder text = new StringBuilder();
        write(value, "\n", text);
        return text.append('\n').toString();
    }

    private static void write(Object value, String line, StringBuilder text) {
        if (value instanceof Map<?, ?> map) {
            Iterator<? extends Map.Entry<?, ?>> entries = map.entrySet().iterator();
            list(entries, '{', '}', line, text, entry -> {
                quote(String.valueOf(entry.getKey()), text);
                text.append(": ");
                write(entry.getValue(), line + "  ", text);
            });
        } else if (value instanceof Iterable<?> all) {
            list(all.iterator(), '[', ']', line, text, item -> write(item, line + "  ", text));
        } else if (value instanceof Double number && !Double.isFinite(number)) {
            text.append("null");
        } else if (value instanceof Number || value instanceof Boolean) {
            text.append(value);
        } else {
            quote(String.valueOf(value), text);
        }
    }

    private interface Item<T> {
        void write(T item);
    }

    private static <T> void list(
            Iterator<? extends T> items, char open, char close, String line, StringBuilder text, Item<T> item) {
        text.append(open);
        if (items.hasNext()) {
            while (items.hasNext()) {
                text.append(line).append("  ");
                item.write(items.next());
                text.append(items.hasNext() ? "," : line);
            }
        }
        text.append(close);
    }

    private static void quote(String value, StringBuilder text) {
        text.append('"');
        for (char c : value.toCharArray()) {
            switch (c) {
                case '"' -> text.append("\\\"");
                case '\\' -> text.append("\\\\");
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                default -> text.append(c < ' ' ? String.format("\\u%04x", (int) c) : String.valueOf(c));
            }
        }
        text.append('"');
    }
}
