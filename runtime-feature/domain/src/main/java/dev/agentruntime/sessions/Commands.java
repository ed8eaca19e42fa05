package dev.agentruntime.sessions;

import dev.agentruntime.api.Caller;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.config.Attributes;
import java.util.Arrays;
import java.util.Optional;

/**
 * Who may run commands and open shells in sessions' VMs, among those who may invoke their agent. Whoever may reads what the agent knows, its
 * environment above all, and uses what it can reach.
 */
public enum Commands {
    /** Nobody. */
    NOBODY("false"),
    /** Administrators, and access keys that have the right. */
    ENTITLED("admin"),
    /** Whoever may invoke the agent. */
    INVOKERS("true");

    private static final String ATTRIBUTE = "commands";

    private final String word;

    Commands(String word) {
        this.word = word;
    }

    /** As an element says; nobody, and a problem, where that is no word for it. Empty where it says nothing. */
    static Optional<Commands> read(Attributes element) {
        String text = element.text(ATTRIBUTE, "");
        Optional<Commands> said = Arrays.stream(values()).filter(one -> one.word.equals(text)).findFirst();
        if (text.isEmpty() || said.isPresent()) {
            return said;
        }
        element.problem("The attribute " + ATTRIBUTE + " of " + element.shown() + " is '" + text
                + "'. It must be one of true, admin, false. Until it is corrected nobody may run commands or open shells there.");
        return Optional.of(NOBODY);
    }

    /** As it is written. */
    String word() {
        return word;
    }

    /** @throws RequestException the caller may not: of kind FORBIDDEN */
    void check(String runtime, Caller caller) {
        boolean may = switch (this) {
            case NOBODY -> false;
            case ENTITLED -> caller.admin() || caller.granted();
            case INVOKERS -> true;
        };
        if (!may) {
            throw new RequestException(Kind.FORBIDDEN, this == NOBODY
                    ? "Agent runtime " + runtime + " has no commands and no shells: its attribute commands is false"
                    : "Commands and shells of agent runtime " + runtime + " are for administrators, and for access keys with the right to them."
                            + " The attribute commands of <agentRuntime> or of its <agent> opens them to whoever may invoke the agent.");
        }
    }
}
