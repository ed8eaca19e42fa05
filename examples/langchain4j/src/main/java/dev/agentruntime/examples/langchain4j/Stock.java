package dev.agentruntime.examples.langchain4j;

import dev.langchain4j.agent.tool.P;
import dev.langchain4j.agent.tool.Tool;
import java.util.Map;

/** The tool that the model may use. */
public final class Stock {

    private static final Map<String, Integer> LEFT = Map.of("paper", 40, "ink", 3);

    @Tool("How many of an item are left in the stock room")
    public int stock(@P(name = "item", value = "the item's name, in small letters") String item) {
        return LEFT.getOrDefault(item, 0);
    }
}
