package dev.agentruntime.examples.springai;

import java.util.Map;
import org.springframework.ai.tool.annotation.Tool;
import org.springframework.ai.tool.annotation.ToolParam;

/** The tool that the model may use. */
final class Stock {

    private static final Map<String, Integer> LEFT = Map.of("paper", 40, "ink", 3);

    @Tool(description = "How many of an item are left in the stock room")
    int stock(@ToolParam(description = "the item's name, in small letters") String item) {
        return LEFT.getOrDefault(item, 0);
    }
}
