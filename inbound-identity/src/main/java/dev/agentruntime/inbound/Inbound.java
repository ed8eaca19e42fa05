package dev.agentruntime.inbound;

import dev.agentruntime.api.BodyCheck;
import dev.agentruntime.api.InboundIdentity;
import dev.agentruntime.api.InboundRequest;
import dev.agentruntime.api.InboundVerdict;
import dev.agentruntime.api.TokensTaken;
import dev.agentruntime.net.Fetch;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.function.Supplier;

/** Has a request judged by what opens its agent runtime. */
final class Inbound implements InboundIdentity {

    private static final int MOST_REPLAYS = 10_000;
    /** Fewer than the threads of a server, since callers wait whom nobody knows yet. */
    private static final int MOST_WAITING = 24;
    private static final int MOST_JUDGES = 1_000;
    /** A few hundred bytes each. */
    private static final int MOST_KNOWN = 10_000;
    private static final String AUTHORIZATION = "authorization";
    private static final String BEARER = "bearer ";

    private final Openings entrances;
    private final Supplier<InboundSettings> settings;
    private final Supplier<String> tenantClaim;
    private final Fetch fetch;
    private final Clock clock;
    private final Verifier verifier;
    private final Semaphore waiting = new Semaphore(MOST_WAITING);
    private final KnownTokens known = new KnownTokens(MOST_KNOWN);
    private final Judges judges = new Judges(MOST_JUDGES, this::judge);

    Inbound(Function<String, Optional<AccessKey>> keys, Openings entrances, Supplier<InboundSettings> settings,
            Supplier<String> tenantClaim, Fetch fetch, Clock clock) {
        this.entrances = entrances;
        this.settings = settings;
        this.tenantClaim = tenantClaim;
        this.fetch = fetch;
        this.clock = clock;
        verifier = new Verifier(keys, settings, new Replays(MOST_REPLAYS), clock);
    }

    @Override
    public InboundVerdict judge(InboundRequest request) {
        Entrance entrance = request.runtime().map(runtime -> entrances.of(runtime, request.qualifier())).orElse(Entrance.STANDARD);
        boolean signed = Signed.isSigned(request);
        try {
            checkOne(request);
            return switch (entrance.taken()) {
                case BOTH -> signed ? verifier.judge(request) : new InboundVerdict.ServersToken();
                case SIGNATURE -> {
                    if (!signed) {
                        throw new DeniedException(new InboundVerdict.Refused(403, "MissingAuthenticationTokenException",
                                "This agent runtime takes requests only that are signed with an access key"));
                    }
                    yield verifier.judge(request);
                }
                case TOKEN -> {
                    if (signed) {
                        throw DeniedException.notAllowed("This agent runtime takes no signatures; send a token as Authorization: Bearer TOKEN");
                    }
                    yield new InboundVerdict.ServersToken();
                }
                case OWN_ISSUER -> byToken(request, entrance.rules().orElseThrow(), signed);
                case NOTHING -> throw DeniedException.cannotTell("This agent runtime lets nobody in: its attribute inbound or its <customJwtAuthorizer> cannot"
                        + " be used. The server's log says why");
                case NOT_YET -> throw DeniedException.notYet("The server has not found out yet whom this agent runtime lets in; try again in a moment");
            };
        } catch (DeniedException denied) {
            return denied.refusal();
        }
    }

    @Override
    public Optional<TokensTaken> tokens(String runtime, String qualifier) {
        Entrance entrance = entrances.of(runtime, qualifier);
        return switch (entrance.taken()) {
            case BOTH, TOKEN -> Optional.of(new TokensTaken(Optional.empty(), List.of()));
            case OWN_ISSUER -> entrance.rules().map(rules -> new TokensTaken(Optional.of(rules.issuer()), rules.scopes()));
            case SIGNATURE, NOTHING, NOT_YET -> Optional.empty();
        };
    }

    /** What is judged is what is passed on: of two credentials one would be neither. */
    private static void checkOne(InboundRequest request) {
        int headers = request.headers().getOrDefault(AUTHORIZATION, List.of()).size();
        if (headers > 1 || headers == 1 && Signed.byQuery(request)) {
            throw DeniedException.twice("The request has two credentials; send one Authorization header, or a signature in the query and none");
        }
    }

    private InboundVerdict byToken(InboundRequest request, TokenRules rules, boolean signed) {
        if (signed) {
            throw DeniedException.notAllowed("This agent runtime takes no signatures; send a token of its issuer as Authorization: Bearer TOKEN");
        }
        String authorization = request.header(AUTHORIZATION).orElseThrow(
                () -> DeniedException.noToken("The request has no token; send one of this agent runtime's issuer as Authorization: Bearer TOKEN")).strip();
        if (!authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            throw DeniedException.noToken("The Authorization header must be Bearer TOKEN");
        }
        return new InboundVerdict.Admitted(judges.by(rules).judge(authorization.substring(BEARER.length()).strip()), BodyCheck.NONE);
    }

    private TokenJudge judge(TokenRules rules) {
        return new TokenJudge(rules, new Issuer(rules.discovery(), uri -> fetch.get(uri, rules.permit()), settings, clock, waiting), tenantClaim, clock, known);
    }
}
