package dev.agentruntime.invocation;

import dev.agentruntime.api.RequestException.Kind;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import java.io.StringReader;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * An agent's answer that was not a success.
 *
 * @param status its HTTP status
 * @param words  what its JSON names {@code error} or {@code message}; else the text of its HTML; else its body as it is
 */
record Fault(int status, String words) {

    private static final int WORDS_IN_MESSAGE = 200;
    private static final Pattern UNSEEN = Pattern.compile("(?is)<(script|style|head)\\b.*?</\\1\\s*>|<!--.*?-->|<[^>]*>");
    private static final Pattern SPACE = Pattern.compile("[\\s\\p{Cntrl}\\u0080-\\u009f\\u2028\\u2029]+");

    /** @param type the answer's content type, empty where it names none */
    static Fault of(int status, String type, String body) {
        return new Fault(status, type.toLowerCase(Locale.ROOT).startsWith("text/html") ? text(body) : message(body));
    }

    /** As the caller is answered; the words stand in the message too, since clients show little else. */
    Refusal refusal() {
        String excerpt = excerpt(words);
        String message = "Received error (" + status + ") from the agent";
        return Refusal.of(Kind.AGENT, excerpt.isEmpty() ? message : message + ": " + excerpt).with(this);
    }

    /** The beginning of what an agent has said, on one line, so that it can stand in a message and in a log. */
    static String excerpt(String said) {
        return cut(SPACE.matcher(said).replaceAll(" ").strip());
    }

    /** The same under the agent's own status, for clients that act on it. */
    Refusal refusalAs(int own) {
        Refusal refusal = refusal();
        return Refusal.ofStatus(own, refusal.message()).with(this);
    }

    private static String cut(String text) {
        if (text.codePointCount(0, text.length()) <= WORDS_IN_MESSAGE) {
            return text;
        }
        return text.substring(0, text.offsetByCodePoints(0, WORDS_IN_MESSAGE)) + "…";
    }

    private static String message(String body) {
        try (JsonReader reader = Json.createReader(new StringReader(body))) {
            return reader.readValue() instanceof JsonObject json ? named(json).map(words -> words + details(json)).orElse(body) : body;
        } catch (RuntimeException notJson) {
            // Parsers throw more than JsonException: at numbers that are too large, at values that are nested too deeply.
            return body;
        }
    }

    /** The Agent SDK says in {@code details} what is wrong with a request. */
    private static String details(JsonObject json) {
        return json.get("details") instanceof JsonString details ? ": " + details.getString() : "";
    }

    private static Optional<String> named(JsonObject json) {
        return Stream.of("error", "message")
                .map(json::get)
                .filter(JsonString.class::isInstance)
                .map(text -> ((JsonString) text).getString())
                .findFirst();
    }

    private static String text(String html) {
        String text = UNSEEN.matcher(html).replaceAll(" ")
                .replace("&nbsp;", " ").replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'")
                .replace("&amp;", "&");
        return SPACE.matcher(text).replaceAll(" ").strip();
    }
}
