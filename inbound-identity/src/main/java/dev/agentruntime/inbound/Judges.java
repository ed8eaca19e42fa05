package dev.agentruntime.inbound;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Who judges tokens by which rules, with the issuers' keys that each has. Rules come and go with versions of agent runtimes: beyond so many
 * those are forgotten by which nothing was judged for the longest time. Thread-safe.
 */
final class Judges {

    private final Function<TokenRules, TokenJudge> maker;
    private final Map<TokenRules, TokenJudge> judges;

    /** @param maker makes one; does not block */
    Judges(int most, Function<TokenRules, TokenJudge> maker) {
        this.maker = maker;
        this.judges = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<TokenRules, TokenJudge> eldest) {
                return size() > most;
            }
        };
    }

    synchronized TokenJudge by(TokenRules rules) {
        return judges.computeIfAbsent(rules, maker);
    }
}
