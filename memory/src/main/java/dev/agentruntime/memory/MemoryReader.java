package dev.agentruntime.memory;

import dev.agentruntime.api.Durations;
import dev.agentruntime.config.Attributes;
import dev.agentruntime.config.Effective;
import dev.agentruntime.requests.Check;
import dev.agentruntime.requests.FieldProblem;
import dev.agentruntime.requests.InputException;
import dev.agentruntime.requests.Shapes;
import dev.agentruntime.store.Sql;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reads {@code <memory>}, by the rules of the API. One that cannot be used is left out and told. */
final class MemoryReader {

    private static final Duration STANDARD_EXPIRY = Duration.ofDays(30);
    private static final Duration LEAST = Duration.ofDays(3);
    private static final Duration MOST = Duration.ofDays(365);
    private static final int MOST_SHOWN = 100;

    private MemoryReader() {}

    static Optional<MemoryRow> read(Attributes element, Instant at) {
        String name = element.text("name", "");
        Instant now = Sql.storable(at);
        try {
            JsonObject input = input(element, name);
            List<FieldProblem> problems = Check.of(MemoryRoom.controlShapes(), "CreateMemoryInput", input);
            if (!problems.isEmpty()) {
                throw InputException.invalid(problems);
            }
            List<Strategy> strategies = Memories.strategies(Views.array(input, "memoryStrategies"), "strategy", Ids::configured, now);
            JsonObjectBuilder settings = Json.createObjectBuilder();
            Views.copy(input, settings, "description");
            return Optional.of(new MemoryRow(Ids.configured(name), name, MemoryRow.Home.SERVER_XML, MemoryRow.Status.ACTIVE,
                    Duration.ofDays(input.getInt("eventExpiryDuration")), settings.build(), strategies, now, now));
        } catch (IllegalArgumentException | InputException e) {
            element.problem("The element <memory name=\"" + Sql.storable(name, MOST_SHOWN) + "\"> cannot be used: " + e.getMessage() + ". It is left out.");
            return Optional.empty();
        }
    }

    /** As the API would be given it. */
    private static JsonObject input(Attributes element, String name) {
        JsonObjectBuilder input = Json.createObjectBuilder().add("name", name).add("eventExpiryDuration", days(element));
        String description = element.text("description", "");
        if (!description.isEmpty()) {
            input.add("description", description);
        }
        JsonArrayBuilder strategies = Json.createArrayBuilder();
        for (Attributes strategy : element.nested("strategy")) {
            String word = strategy.text("type", "semantic");
            StrategyType type = StrategyType.ofWord(word).orElseThrow(() -> new IllegalArgumentException(
                    "the type of a <strategy> must be semantic, user-preference, summary or episodic, and is '" + Sql.storable(word, MOST_SHOWN) + "'"));
            strategies.add(StrategyReader.input(type, strategy.text("name", word.replace('-', '_')), strategy.text("description", ""), strategy.text("namespace", "")));
        }
        return input.add("memoryStrategies", strategies).build();
    }

    private static long days(Attributes element) {
        Duration expiry = element.duration("eventExpiry", STANDARD_EXPIRY, Duration.ZERO);
        if (expiry.compareTo(LEAST) < 0 || expiry.compareTo(MOST) > 0 || !Duration.ofDays(expiry.toDays()).equals(expiry)) {
            throw new IllegalArgumentException("eventExpiry must be whole days from 3d to 365d, and is " + Durations.text(expiry));
        }
        return expiry.toDays();
    }

    /** In one line. */
    static String text(MemoryRow memory) {
        return new Effective().add("eventExpiry", memory.expiry().toDays() + "d")
                .add("strategies", memory.strategies().stream().map(one -> one.id() + " in " + one.template()).collect(Collectors.joining(", "))).text();
    }
}
