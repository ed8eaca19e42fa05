package dev.agentruntime.invocation;

import dev.agentruntime.api.InboundIdentity;
import java.util.Optional;
import java.util.function.Supplier;
import javax.naming.InitialContext;
import javax.naming.NamingException;

/** The room for inbound identity, looked up once for as long as it is open: each request asks for it. Empty while there is none. Thread-safe. */
final class InboundInJndi implements Supplier<Optional<InboundIdentity>> {

    private final Supplier<Optional<InboundIdentity>> directory;
    private volatile Optional<InboundIdentity> found = Optional.empty();

    InboundInJndi(Supplier<Optional<InboundIdentity>> directory) {
        this.directory = directory;
    }

    @Override
    public Optional<InboundIdentity> get() {
        Optional<InboundIdentity> known = found;
        if (known.isPresent() && known.get().isOpen()) {
            return known;
        }
        Optional<InboundIdentity> now = directory.get();
        found = now;
        return now;
    }

    static Optional<InboundIdentity> lookUp() {
        try {
            return Optional.of((InboundIdentity) new InitialContext().lookup(InboundIdentity.JNDI_NAME));
        } catch (NamingException notThere) {
            return Optional.empty();
        }
    }
}
