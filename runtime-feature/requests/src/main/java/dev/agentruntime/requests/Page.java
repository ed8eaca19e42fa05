package dev.agentruntime.requests;

import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A part of a list. The token of the next part says after which key it begins, so that nothing is told twice or left out where
 * others come and go meanwhile.
 *
 * @param next empty at the end of the list
 */
public record Page<T>(List<T> items, Optional<String> next) {

    private static final int MOST = 100;

    /**
     * @param list  names the list; a token of another list is refused
     * @param items in the order of their keys
     * @param key   of an item
     * @throws InputException the token is none of this list's
     */
    public static <T> Page<T> of(String list, List<T> items, Function<T, String> key, JsonObject input) {
        int most = input.getInt("maxResults", MOST);
        Optional<String> after = Optional.ofNullable(input.getString("nextToken", null)).map(token -> after(list, token));
        List<T> rest = new ArrayList<>(items);
        after.ifPresent(last -> rest.removeIf(item -> key.apply(item).compareTo(last) <= 0));
        List<T> page = List.copyOf(rest.subList(0, Math.min(most, rest.size())));
        return new Page<>(page, page.size() < rest.size()
                ? Optional.of(token(list, key.apply(page.get(page.size() - 1)))) : Optional.empty());
    }

    /**
     * The token of the part that begins after {@code last}, for rooms that page in their database.
     *
     * @param list names the list
     */
    public static String token(String list, String last) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString((list + "\n" + last).getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The key that {@link #token} was made with.
     *
     * @throws InputException the token is none of this list's
     */
    public static String after(String list, String token) {
        String text;
        try {
            text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notOurs) {
            text = "";
        }
        if (!text.startsWith(list + "\n") || text.indexOf('\0') >= 0) { // which no database takes
            throw InputException.invalid("nextToken", "must be one that this list has returned");
        }
        return text.substring(list.length() + 1);
    }
}
