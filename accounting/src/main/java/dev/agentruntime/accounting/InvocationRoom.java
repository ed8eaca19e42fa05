package dev.agentruntime.accounting;

import dev.agentruntime.spi.InvocationUse;
import dev.agentruntime.spi.SessionFacts;
import dev.agentruntime.spi.SessionPart;
import dev.agentruntime.spi.SessionRoom;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Has what each invocation uses written down, where that is wanted.
 *
 * @param wanted whether it is, now; does not block
 * @param log    takes what was used; does not block
 */
record InvocationRoom(BooleanSupplier wanted, Consumer<InvocationRow> log) implements SessionRoom {

    @Override
    public String name() {
        return "invocations";
    }

    @Override
    public SessionPart join(SessionFacts session) {
        return new Part(session);
    }

    private final class Part implements SessionPart {
        private final SessionFacts session;

        Part(SessionFacts session) {
            this.session = session;
        }

        @Override
        public boolean takesStreams() {
            return false;
        }

        @Override
        public boolean countsInvocations() {
            return wanted.getAsBoolean();
        }

        @Override
        public void invoked(InvocationUse use) {
            log.accept(new InvocationRow(session.runtime(), session.sessionId(), session.owner(), use));
        }

        @Override
        public void close() {
            // It holds nothing.
        }
    }
}
