package ${package};

import dev.agentruntime.sdk.AgentContext;
import dev.agentruntime.sdk.AgentEntrypoint;
import java.time.Clock;
import java.util.Arrays;

/** Greets whoever calls. Asked with a zone, it looks at its tool; asked for a stream, it answers word by word. */
public class Agent {

    private final WorldClock clock;

    public Agent() {
        this(new WorldClock(Clock.systemUTC()));
    }

    Agent(WorldClock clock) {
        this.clock = clock;
    }

    public record Prompt(String prompt, String zone, Boolean stream) {}

    public record Reply(String answer) {}

    public record Word(String word) {}

    @AgentEntrypoint
    public Object invoke(Prompt prompt, AgentContext context) {
        String answer = "Hello, " + prompt.prompt() + "!" + time(prompt.zone());
        if (Boolean.TRUE.equals(prompt.stream())) {
            return Arrays.stream(answer.split(" ")).map(Word::new); // each becomes an event
        }
        return new Reply(answer);
    }

    private String time(String zone) {
        return zone == null ? "" : " In " + zone + " it is " + clock.timeIn(zone) + ".";
    }
}
