package dev.agentruntime.accounting;

import dev.agentruntime.log.LoggedMessage;

/** Every message of this module; ids AGRT6200 to AGRT6299. */
enum AccountingMessage implements LoggedMessage {

    CONFIG_PROBLEM("AGRT6201W",
            "%s",
            "An attribute of <agentRuntimeAccounting> could not be used.",
            "Correct server.xml; it is read again at once."),
    IN_FORCE("AGRT6202I",
            "What sessions use is accounted for: %s",
            "This configuration is in force now.",
            "None."),
    BUDGET_NEARLY_USED("AGRT6203W",
            "%s",
            "Four fifths of a <budget> are used up. Nothing is ended yet; where it is memory of an agent runtime or a caller, no session of theirs begins.",
            "See what uses so much, or raise the budget; it is read again at once."),
    BUDGET_REACHED("AGRT6204W",
            "%s",
            "A <budget> is used up: the session is ended, or all of the agent runtime or the caller, and none begins before the day is over;"
                    + " where memory is held too much of, the largest session.",
            "See what uses so much, or raise the budget; it is read again at once."),
    BEFORE_UNKNOWN("AGRT6205W",
            "What was used today cannot be read from the ledger: %s",
            "Budgets for a day count what sessions of this server use from now on, and of other servers what was read last. It is tried again every ten"
                    + " seconds, and told of less and less often.",
            "See that the data source of <agentRuntime> works."),
    ROUND_FAILED("AGRT6206E",
            "Budgets could not be looked after: %s",
            "It is tried again at once, four times a second, and told of less and less often, once an hour at least.",
            "Report it with the stack trace."),
    INVOCATIONS_NOT_WRITTEN("AGRT6208W",
            "What invocations use cannot be written, and of %s it is lost by now: %s",
            "What waits is written when the database works again; 20000 wait at most. Usage by session, agent, caller and day is not affected.",
            "See that the data source of <agentRuntime> works."),
    BUDGET_UNUSABLE("AGRT6207E",
            "A <budget> of <agentRuntimeAccounting> cannot be used: %s",
            "No session begins that it may have been meant for, so that none goes without its limit: its callers are told why. Sessions that"
                    + " live go on, under the budgets that were in force before.",
            "Correct server.xml; it is read again at once.");

    private final Entry entry;

    AccountingMessage(String id, String text, String explanation, String action) {
        this.entry = new Entry(id, text, explanation, action);
    }

    @Override
    public Entry entry() {
        return entry;
    }
}
