package dev.agentruntime.accounting;

import dev.agentruntime.api.BudgetNews.Per;
import dev.agentruntime.api.Subject;
import java.util.Optional;

/**
 * A budget that cannot be held as it is written: nobody whom it may have been meant for begins a session.
 *
 * @param agent   whose sessions it may be for; empty for all agents'
 * @param subject whose sessions it may be for; empty for all callers'
 * @param issuer  of that caller; empty for any
 * @param why     in sentences that name the attribute and the fix
 */
record UnusableBudget(Optional<String> agent, Optional<String> subject, Optional<String> issuer, String why) {

    /**
     * Where the attributes do not go together, the more sessions count as meant.
     *
     * @param per empty where that cannot be read
     */
    static UnusableBudget of(Optional<Per> per, Budget budget, String why) {
        return new UnusableBudget(
                budget.agent().filter(name -> per.filter(Per.SUBJECT::equals).isEmpty()),
                budget.subject().filter(name -> per.filter(Per.AGENT::equals).isEmpty()),
                budget.issuer().filter(name -> per.filter(Per.AGENT::equals).isEmpty()), why);
    }

    /** One of which it cannot even be read whom it was meant for. */
    static UnusableBudget ofAll(String why) {
        return new UnusableBudget(Optional.empty(), Optional.empty(), Optional.empty(), why);
    }

    /** @param owner empty where that is not known yet */
    boolean isFor(String runtime, Optional<Subject> owner) {
        return agent.filter(name -> !name.equals(runtime)).isEmpty()
                && (subject.isEmpty() && issuer.isEmpty() || owner.filter(this::isFor).isPresent());
    }

    private boolean isFor(Subject owner) {
        return subject.filter(name -> !name.equals(owner.name())).isEmpty() && issuer.filter(name -> !name.equals(owner.issuer())).isEmpty();
    }
}
