package dev.agentruntime.agentctl;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/** A command of which this version of the server has nothing yet. It asks nobody and does nothing, and says so. */
abstract class Absent extends Action {

    private final String what;

    @Unmatched
    private List<String> ignored = new ArrayList<>();

    /** @param what the server does not have, and how it will come where that is known */
    Absent(Surroundings surroundings, String what) {
        super(surroundings);
        this.what = what;
    }

    @Override
    ExitCode run() {
        throw new Problem(ExitCode.ABSENT, "Agent Runtime " + Version.own() + " has no " + what + " Nothing was done.");
    }

    @Command(name = "budget", description = "Budgets of agents and callers. They are set in server.xml.")
    static final class Budget extends Absent {
        Budget(Surroundings surroundings) {
            super(surroundings, "budgets that are set from here: <budget> of <agentRuntimeAccounting> in server.xml sets them, and 'agentctl usage' shows"
                    + " what was used.");
        }
    }
}
