package dev.agentruntime.store;

import dev.agentruntime.api.SessionView;
import dev.agentruntime.api.Usage;

/** A record as one line of a log, with all that accounting needs. */
final class Figures {

    private static final int LONGEST = 4000;

    private Figures() {}

    static String of(SessionRecord record) {
        SessionView view = record.view();
        Usage usage = view.usage();
        return Texts.cleaned("row " + record.rowId() + ", server " + record.serverId() + ", agent runtime " + view.runtime()
                + ", session " + view.sessionId() + ", version " + view.digest() + ", VM " + view.vm().orElse("none")
                + ", created " + view.createdAt() + ", closed " + record.closedAt().map(Object::toString).orElse("not yet")
                + ", " + usage.cpuNanos() + " ns of CPU, " + usage.memoryByteSeconds().toPlainString()
                + " byte-seconds of memory, peak " + usage.peakMemoryBytes() + " bytes, " + usage.invocations()
                + " invocations, ended for " + record.reasonCode().orElse("nothing yet")
                + ", owner " + Texts.cleaned(view.subject().name(), 256) + " of " + Texts.cleaned(view.subject().issuer(), 256), LONGEST);
    }
}
