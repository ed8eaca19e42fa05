package dev.agentruntime.libvirt;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** As much JSON (RFC 8259) as talking to QEMU's monitor takes: maps, lists, strings, numbers, booleans and null. */
final class Json {

    /** QEMU nests five deep. One that a guest has taken over may nest for ever. */
    private static final int DEEPEST = 64;

    private final String text;
    private int at;
    private int depth;

    private Json(String text) {
        this.text = text;
    }

    static String write(Object value) {
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(e -> quote(e.getKey().toString()) + ":" + write(e.getValue()))
                    .collect(Collectors.joining(",", "{", "}"));
        }
        if (value instanceof List<?> list) {
            return list.stream().map(Json::write).collect(Collectors.joining(",", "[", "]"));
        }
        return value instanceof Boolean || value instanceof Number || value == null ? String.valueOf(value) : quote(value.toString());
    }

    /** @throws IllegalArgumentException the text is no JSON object */
    static Map<?, ?> readObject(String text) {
        Json json = new Json(text);
        Object value = json.value();
        json.space();
        if (json.at == text.length() && value instanceof Map<?, ?> map) {
            return map;
        }
        throw json.unexpected();
    }

    private Object value() {
        space();
        if (depth == DEEPEST) {
            throw unexpected();
        }
        depth++;
        Object value = switch (peek()) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> string();
            default -> literal();
        };
        depth--;
        return value;
    }

    private Map<String, Object> object() {
        Map<String, Object> map = new LinkedHashMap<>();
        expect('{');
        while (!ends('}')) {
            String key = string();
            expect(':');
            map.put(key, value());
            separator('}');
        }
        return map;
    }

    private List<Object> array() {
        List<Object> list = new ArrayList<>();
        expect('[');
        while (!ends(']')) {
            list.add(value());
            separator(']');
        }
        return list;
    }

    private String string() {
        expect('"');
        StringBuilder s = new StringBuilder();
        for (char c = next(); c != '"'; c = next()) {
            s.append(c == '\\' ? escaped(next()) : c);
        }
        return s.toString();
    }

    private char escaped(char c) {
        return switch (c) {
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'u' -> {
                if (at + 4 > text.length()) {
                    throw unexpected();
                }
                at += 4;
                yield (char) Integer.parseInt(text.substring(at - 4, at), 16);
            }
            default -> c;
        };
    }

    private Object literal() {
        int start = at;
        while (at < text.length() && (Character.isLetterOrDigit(text.charAt(at)) || "+-.".indexOf(text.charAt(at)) >= 0)) {
            at++;
        }
        String word = text.substring(start, at);
        return switch (word) {
            case "true" -> true;
            case "false" -> false;
            case "null" -> null;
            case "" -> throw unexpected();
            default -> word.matches("-?\\d{1,18}") ? (Object) Long.valueOf(word) : (Object) Double.valueOf(word);
        };
    }

    private void separator(char end) {
        space();
        if (peek() != end) {
            expect(',');
        }
    }

    private boolean ends(char end) {
        space();
        if (peek() == end) {
            at++;
            return true;
        }
        return false;
    }

    private void expect(char c) {
        space();
        if (next() != c) {
            at--;
            throw unexpected();
        }
    }

    private char next() {
        char c = peek();
        at++;
        return c;
    }

    private char peek() {
        if (at >= text.length()) {
            throw unexpected();
        }
        return text.charAt(at);
    }

    private void space() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private IllegalArgumentException unexpected() {
        return new IllegalArgumentException("not JSON at character " + at + ": " + text.substring(0, Math.min(200, text.length())));
    }

    private static String quote(String s) {
        StringBuilder out = new StringBuilder("\"");
        for (char c : s.toCharArray()) {
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ') {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        return out.append('"').toString();
    }
}
