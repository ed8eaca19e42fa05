package dev.agentruntime.memory;

import java.util.Optional;
import java.util.stream.Stream;

/** What a strategy makes of events. */
enum StrategyType {

    SEMANTIC("semanticMemoryStrategy", "semantic", Defaults.OF_ACTOR),
    USER_PREFERENCE("userPreferenceMemoryStrategy", "user-preference", Defaults.OF_ACTOR),
    SUMMARIZATION("summaryMemoryStrategy", "summary", Defaults.OF_SESSION),
    EPISODIC("episodicMemoryStrategy", "episodic", Defaults.OF_SESSION),
    /** One of the others with a prompt or a model of its own. */
    CUSTOM("customMemoryStrategy", "custom", Defaults.OF_ACTOR);

    /** Where records are, in strategies that do not say so. */
    private static final class Defaults {
        static final String OF_ACTOR = "/strategies/{memoryStrategyId}/actors/{actorId}/";
        static final String OF_SESSION = OF_ACTOR + "sessions/{sessionId}/";
    }

    private final String member;
    private final String word;
    private final String template;

    StrategyType(String member, String word, String template) {
        this.member = member;
        this.word = word;
        this.template = template;
    }

    /** In a request. */
    String member() {
        return member;
    }

    /** In server.xml. */
    String word() {
        return word;
    }

    String template() {
        return template;
    }

    static Optional<StrategyType> ofWord(String word) {
        return Stream.of(values()).filter(type -> type != CUSTOM && type.word.equals(word)).findFirst();
    }
}
