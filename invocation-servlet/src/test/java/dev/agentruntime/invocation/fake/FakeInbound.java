package dev.agentruntime.invocation.fake;

import dev.agentruntime.api.BodyCheck;
import dev.agentruntime.api.BodyRefusedException;
import dev.agentruntime.api.Caller;
import dev.agentruntime.api.InboundIdentity;
import dev.agentruntime.api.InboundRequest;
import dev.agentruntime.api.InboundVerdict;
import dev.agentruntime.api.Subject;
import dev.agentruntime.api.TokensTaken;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * {@code AWS4-TEST alice} is alice's signature of a body that ends in an exclamation mark, {@code AWS4-FIRST alice} one without a hash,
 * {@code AWS4-BAD} none, {@code AWS4-HOST name} alice's where that is the host; {@code Bearer own:alice} is a token of an agent's own issuer. All else is the server's.
 */
public final class FakeInbound implements InboundIdentity {

    /** Made by the activator. */
    public FakeInbound() {}

    @Override
    public InboundVerdict judge(InboundRequest request) {
        String authorization = request.header("authorization").orElse("");
        String name = authorization.substring(authorization.indexOf(authorization.startsWith("Bearer ") ? ':' : ' ') + 1);
        if (authorization.startsWith("AWS4-TEST ")) {
            return new InboundVerdict.Admitted(caller(name), request.hasBody() ? new Exclaimed() : BodyCheck.NONE);
        }
        if (authorization.startsWith("AWS4-FIRST ")) {
            InboundVerdict admitted = new InboundVerdict.Admitted(caller(name), BodyCheck.NONE);
            return request.hasBody() ? new InboundVerdict.BodyFirst(1_000,
                    body -> new String(body, StandardCharsets.UTF_8).endsWith("!") ? admitted : refused()) : admitted;
        }
        if (authorization.startsWith("AWS4-HOST ")) {
            return request.header("host").filter(name::equals).<InboundVerdict>map(host -> new InboundVerdict.Admitted(caller("alice"), BodyCheck.NONE))
                    .orElseGet(() -> new InboundVerdict.Refused(403, "InvalidSignatureException", "The host is " + request.headers().get("host")));
        }
        if (authorization.startsWith("AWS4-BAD")) {
            return refused();
        }
        if (authorization.startsWith("Bearer own:")) {
            return name.isEmpty() ? new InboundVerdict.Refused(401, "UnauthorizedException", "The token is not valid for this agent runtime",
                    Optional.of("Bearer realm=\"agents\", error=\"invalid_token\"")) : new InboundVerdict.Admitted(caller(name), BodyCheck.NONE);
        }
        return new InboundVerdict.ServersToken();
    }

    @Override
    public Optional<TokensTaken> tokens(String runtime, String qualifier) {
        return switch (runtime) {
            case "signed" -> Optional.empty();
            case "own" -> Optional.of(new TokensTaken(Optional.of("https://idp.example/tenant"), List.of("agents.invoke")));
            default -> Optional.of(new TokensTaken(Optional.empty(), List.of()));
        };
    }

    private static Caller caller(String name) {
        return new Caller(new Subject("urn:test", name), false);
    }

    private static InboundVerdict.Refused refused() {
        return new InboundVerdict.Refused(403, "InvalidSignatureException", "The signature is wrong");
    }

    private static final class Exclaimed implements BodyCheck {
        private byte last;

        @Override
        public int take(byte[] buffer, int offset, int length) {
            last = buffer[offset + length - 1];
            return length;
        }

        @Override
        public void end() {
            if (last != '!') {
                throw new BodyRefusedException(refused());
            }
        }
    }
}
