package dev.agentruntime.invocation;

import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.RequestException.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.eclipse.jetty.http.HttpField;

/** Headers for agents that stand in a query, since browsers send none of a page's own with a WebSocket. */
final class QueryHeaders {

    private static final String CUSTOM = "x-amzn-bedrock-agentcore-runtime-custom-";

    private QueryHeaders() {}

    /** @throws RequestException one of them cannot be a header, or they are too many: of kind VALIDATION */
    static List<HttpField> of(Query query) {
        List<HttpField> fields = new ArrayList<>();
        int all = 0;
        for (String name : query.values().keySet()) {
            if (name.toLowerCase(Locale.ROOT).startsWith(CUSTOM)) {
                String value = query.first(name).orElse("");
                all += name.length() + value.length();
                if (!isName(name) || !isValue(value)) {
                    throw new RequestException(Kind.VALIDATION, "The query's " + Headers.value(name) + " cannot be passed on as a header");
                }
                if (value.length() > RequestHead.MOST_IN_ONE || all > RequestHead.MOST_IN_ALL || fields.size() >= RequestHead.MOST_FIELDS) {
                    throw new RequestException(Kind.VALIDATION, "The query's headers for the agent are too many or too long");
                }
                fields.add(new HttpField(name, value));
            }
        }
        return fields;
    }

    private static boolean isName(String text) {
        return text.chars().allMatch(c -> c < 0x7f && (Character.isLetterOrDigit(c) || c == '-' || c == '_'));
    }

    private static boolean isValue(String text) {
        return text.chars().allMatch(c -> c >= ' ' && c <= 0xff && c != 0x7f);
    }
}
