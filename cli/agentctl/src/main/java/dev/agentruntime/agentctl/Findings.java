package dev.agentruntime.agentctl;

import jakarta.json.Json;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Help.Ansi;

/** Prints findings. */
record Findings(List<Finding> all) {

    boolean isAnyWrong() {
        return all.stream().anyMatch(finding -> finding.level() == Finding.Level.WRONG);
    }

    void print(Surroundings surroundings, boolean json) {
        all.forEach(finding -> {
            if (json) {
                surroundings.out().println(Json.createObjectBuilder().add("level", finding.level().name().toLowerCase(Locale.ROOT))
                        .add("what", finding.what()).add("found", finding.found()).add("remedy", finding.remedy()).build());
                return;
            }
            surroundings.out().println(mark(finding.level(), surroundings.colours()) + " " + finding.what() + ": " + Text.plain(finding.found()));
            if (!finding.remedy().isEmpty()) {
                surroundings.out().println("       " + Text.plain(finding.remedy()));
            }
        });
    }

    private static String mark(Finding.Level level, boolean colours) {
        String text = switch (level) {
            case OK -> "ok    ";
            case REMARK -> "note  ";
            case WRONG -> "WRONG ";
        };
        String colour = level == Finding.Level.OK ? "green" : level == Finding.Level.REMARK ? "yellow" : "red";
        return colours ? Ansi.ON.string("@|" + colour + " " + text + "|@") : text;
    }
}
