package dev.agentruntime.client;

import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Reads a list that comes in pages to its end. */
final class Pages {

    private static final int MOST = 100;

    private Pages() {}

    /**
     * @param name of the list in each answer
     * @param page asks for the one with this token; the first has none, which is empty text
     * @throws UnexpectedAnswerException the list has no end
     */
    static <T> List<T> all(Transport transport, String name, Function<JsonObject, T> view, Function<String, Call> page) {
        return first(transport, name, view, page, Integer.MAX_VALUE);
    }

    /** The same of {@code most} at the list's beginning, without asking for more pages than that takes. */
    static <T> List<T> first(Transport transport, String name, Function<JsonObject, T> view, Function<String, Call> page, int most) {
        List<T> all = new ArrayList<>();
        String next = "";
        for (int i = 0; i < MOST; i++) {
            JsonObject answer = transport.json(page.apply(next));
            all.addAll(AgentRuntimeClient.list(answer, name, view));
            next = answer.getString("nextToken", "");
            if (next.isEmpty() || all.size() >= most) {
                return List.copyOf(all.subList(0, Math.min(most, all.size())));
            }
        }
        throw new UnexpectedAnswerException("The server's list '" + name + "' has no end");
    }
}
