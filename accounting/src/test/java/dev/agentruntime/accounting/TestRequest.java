package dev.agentruntime.accounting;

import dev.agentruntime.api.Caller;
import dev.agentruntime.api.RoomOperations.Request;
import dev.agentruntime.api.Subject;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Requests for tests. */
final class TestRequest {

    static final Subject ALICE = new Subject("https://idp", "alice");
    static final Caller INVOKER = new Caller(ALICE, false);
    static final Caller ADMIN = new Caller(new Subject("https://idp", "root"), true);

    private TestRequest() {}

    /** @param query such as {@code by=day&format=csv} */
    static Request of(Caller caller, String query) {
        return of(caller, query, Map.of());
    }

    static Request of(Caller caller, String query, Map<String, String> headers) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (String pair : query.split("&")) {
            if (!pair.isEmpty()) {
                values.computeIfAbsent(pair.substring(0, pair.indexOf('=')), name -> new ArrayList<>()).add(pair.substring(pair.indexOf('=') + 1));
            }
        }
        return new Request(Map.of(), values, name -> Optional.ofNullable(headers.get(name)), new ByteArrayInputStream(new byte[0]),
                Optional.empty(), caller);
    }
}
