package dev.agentruntime.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads JSON into maps, lists, texts, doubles, booleans and the text {@code "null"}. Whatever is no JSON is an IllegalArgumentException. */
final class JsonReader {

    private final String text;
    private int at;

    private JsonReader(String text) {
        this.text = text;
    }

    static Object read(String json) {
        JsonReader reader = new JsonReader(json);
        Object value = reader.value();
        reader.blank();
        if (reader.at < json.length()) {
            throw reader.wrong("the end");
        }
        return value;
    }

    /** Of a text whose outermost value is an object. */
    @SuppressWarnings("unchecked")
    static Map<String, Object> object(String json) {
        if (read(json) instanceof Map<?, ?> map) {
            return (Map<String, Object>) map;
        }
        throw new IllegalArgumentException("No JSON object: " + json);
    }

    private Object value() {
        return switch (peek()) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> string();
            case 't' -> word("true", true);
            case 'f' -> word("false", false);
            case 'n' -> word("null", "null");
            default -> number();
        };
    }

    private Map<String, Object> object() {
        Map<String, Object> map = new LinkedHashMap<>();
        at++;
        for (char next = peek(); next != '}'; next = separator('}')) {
            String name = string();
            expect(':');
            map.put(name, value());
        }
        at++;
        return map;
    }

    private List<Object> array() {
        List<Object> list = new ArrayList<>();
        at++;
        for (char next = peek(); next != ']'; next = separator(']')) {
            list.add(value());
        }
        at++;
        return list;
    }

    /** Passes a comma; stands before the next item or the end. */
    private char separator(char end) {
        if (peek() == end) {
            return end;
        }
        expect(',');
        char next = peek();
        if (next == end) {
            throw wrong("another item");
        }
        return next;
    }

    private String string() {
        expect('"');
        StringBuilder value = new StringBuilder();
        for (char c = take(); c != '"'; c = take()) {
            value.append(c == '\\' ? escaped() : c);
        }
        return value.toString();
    }

    private char escaped() {
        char c = take();
        return switch (c) {
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'u' -> (char) Integer.parseInt("" + take() + take() + take() + take(), 16);
            default -> c;
        };
    }

    private Object word(String word, Object meaning) {
        if (!text.startsWith(word, at)) {
            throw wrong(word);
        }
        at += word.length();
        return meaning;
    }

    private Double number() {
        int from = at;
        while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        if (from == at) {
            throw wrong("a value");
        }
        return Double.valueOf(text.substring(from, at));
    }

    private void expect(char wanted) {
        if (peek() != wanted) {
            throw wrong("'" + wanted + "'");
        }
        at++;
    }

    private char peek() {
        blank();
        if (at >= text.length()) {
            throw wrong("more");
        }
        return text.charAt(at);
    }

    private char take() {
        if (at >= text.length()) {
            throw wrong("more");
        }
        return text.charAt(at++);
    }

    private void blank() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private IllegalArgumentException wrong(String expected) {
        return new IllegalArgumentException("Expected " + expected + " at character " + at + " of: " + text);
    }
}
