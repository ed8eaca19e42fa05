package dev.agentruntime.invocation;

import dev.agentruntime.api.BodyCheck;
import dev.agentruntime.api.BodyRefusedException;
import dev.agentruntime.api.Caller;
import dev.agentruntime.api.InboundIdentity;
import dev.agentruntime.api.InboundRequest;
import dev.agentruntime.api.InboundVerdict;
import dev.agentruntime.api.Platform;
import dev.agentruntime.invocation.Operations.Found;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.eclipse.microprofile.config.ConfigProvider;

/** Finds out who asks: as the room for inbound identity says where it has a say, by the server's tokens otherwise. */
final class Doorman {

    /** Bodies that are read before their callers are known, at the same time. */
    private static final int MOST_READ_FIRST = 16;
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int HTTP = 80;
    private static final int HTTPS = 443;
    private static final String CHALLENGE = "WWW-Authenticate";
    private static final List<String> MANAGED = List.of("agentRuntimeId", "resourceArn");

    private final Platform platform;
    private final Supplier<Optional<InboundIdentity>> identity;
    private final Supplier<Optional<String>> serversIssuer;
    private final Executor executor;
    private final PacedBody.Pace pace;
    private final Semaphore readFirst = new Semaphore(MOST_READ_FIRST);

    Doorman(Platform platform, Executor executor) {
        this(platform, new InboundInJndi(InboundInJndi::lookUp), () -> ConfigProvider.getConfig().getOptionalValue("mp.jwt.verify.issuer", String.class), executor, PATIENCE);
    }

    /**
     * @param identity      the room; empty while it is not there
     * @param serversIssuer of the server's own tokens, where it is known
     * @param patience how long a body may take that is read before its caller is known
     */
    Doorman(Platform platform, Supplier<Optional<InboundIdentity>> identity, Supplier<Optional<String>> serversIssuer, Executor executor,
            Duration patience) {
        this.platform = platform;
        this.identity = identity;
        this.serversIssuer = serversIssuer;
        this.executor = executor;
        this.pace = new PacedBody.Pace(patience, 0, ", for which it is waited before its caller is known; send x-amz-content-sha256,"
                + " signed with the request");
    }

    /**
     * Somebody who may come in.
     *
     * @param request to be served in the place of the one that came
     * @param caller  throws where a verified token gives no right to anything
     */
    record Guest(HttpServletRequest request, Supplier<Caller> caller) {}

    /**
     * Lets a caller in; empty where it was refused, and answered.
     *
     * @param found     what there is at the path
     * @param operation what of it is asked for
     */
    Optional<Guest> admit(HttpServletRequest request, HttpServletResponse response, List<Found> found, Optional<Found> operation)
            throws IOException, ServletException {
        Optional<InboundIdentity> room = identity.get();
        if (room.isEmpty()) {
            Answers.refuse(response, Refusal.ofStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE,
                    "The server does not know yet whom its agents let in; try again in a moment"));
            return Optional.empty();
        }
        Optional<String> named = found.stream().flatMap(one -> Optional.ofNullable(one.path().get("runtime")).stream()).findFirst();
        InboundVerdict verdict = room.get().judge(head(request, operation.map(one -> one.operation().name()), named.map(RuntimeName::of), managed(found)));
        if (verdict instanceof InboundVerdict.ServersToken) {
            return byServersToken(request, response, named);
        }
        forgetChallenge(response);
        if (verdict instanceof InboundVerdict.BodyFirst first) {
            return readFirst(request, response, first);
        }
        if (verdict instanceof InboundVerdict.Admitted admitted) {
            return guest(request, admitted, Optional.empty());
        }
        InboundVerdict.Refused refused = (InboundVerdict.Refused) verdict;
        refused.challenge().ifPresent(challenge -> challenge(request, response, named, challenge));
        return refuse(response, refused);
    }

    /** The control API's operations name it by its id, and those of tags by its ARN or that of an endpoint. */
    private Optional<String> managed(List<Found> found) {
        return found.stream().flatMap(one -> MANAGED.stream().flatMap(part -> Optional.ofNullable(one.path().get(part)).stream())).findFirst()
                .map(RuntimeName::ofResource).map(platform::meant);
    }

    /** Tells whose tokens open an agent runtime. */
    void describe(HttpServletRequest request, HttpServletResponse response, String named) throws IOException {
        Optional<InboundIdentity> room = identity.get();
        if (room.isEmpty()) {
            Answers.refuse(response, Refusal.ofStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE,
                    "The server does not know yet whom its agents let in; try again in a moment"));
            return;
        }
        forgetChallenge(response);
        Answers.json(response, ProtectedResource.document(request, named, platform.meant(RuntimeName.of(named)), room.get(), serversIssuer.get()));
    }

    private Optional<Guest> byServersToken(HttpServletRequest request, HttpServletResponse response, Optional<String> named)
            throws IOException, ServletException {
        if (Callers.isVerified(request, response)) {
            return Optional.of(new Guest(request, () -> Callers.of(request, platform.tenantClaim())));
        }
        Refusal refusal = Callers.notVerified(request, response);
        challenge(request, response, named, Objects.requireNonNullElse(response.getHeader(CHALLENGE), ""));
        Answers.refuse(response, refusal);
        return Optional.empty();
    }

    private static void challenge(HttpServletRequest request, HttpServletResponse response, Optional<String> named, String challenge) {
        String whole = named.map(runtime -> ProtectedResource.challenge(challenge, request, runtime)).orElse(challenge);
        if (!whole.isEmpty()) {
            response.setHeader(CHALLENGE, whole);
        }
    }

    /** Liberty has judged a bearer token by the server's issuer before any servlet was asked, and may have left its refusal here. */
    private static void forgetChallenge(HttpServletResponse response) {
        CrossOrigin.remove(response, CHALLENGE);
    }

    private static Optional<Guest> guest(HttpServletRequest request, InboundVerdict.Admitted admitted, Optional<ServletInputStream> body) {
        return Optional.of(new Guest(new JudgedRequest(request, admitted.body(), body), admitted::caller));
    }

    private static Optional<Guest> refuse(HttpServletResponse response, InboundVerdict.Refused refused) throws IOException {
        Answers.refuse(response, Refusal.of(refused));
        return Optional.empty();
    }

    /** What has not been read of the body would have to be, before another request. */
    private static Optional<Guest> refuseRest(HttpServletResponse response, BodyRefusedException refused) throws IOException {
        response.setHeader("Connection", "close");
        return refuse(response, refused.refusal());
    }

    /** Some clients sign a body and do not say its hash; nobody is let in, and nothing is begun, before it is there. */
    private Optional<Guest> readFirst(HttpServletRequest request, HttpServletResponse response, InboundVerdict.BodyFirst first)
            throws IOException {
        if (!readFirst.tryAcquire()) {
            return refuse(response, new InboundVerdict.Refused(429, "ThrottlingException", "Too many requests at once whose bodies have to be"
                    + " read before their callers are known; try again, or send x-amz-content-sha256"));
        }
        try {
            byte[] body = bodyOf(request, first.mostBytes());
            InboundVerdict verdict = first.judge().apply(body);
            return verdict instanceof InboundVerdict.Admitted admitted
                    ? guest(request, new InboundVerdict.Admitted(admitted.caller(), BodyCheck.NONE), Optional.of(new KeptBody(body, executor)))
                    : refuse(response, (InboundVerdict.Refused) verdict);
        } catch (BodyRefusedException refused) {
            return refuseRest(response, refused);
        } catch (IOException broken) {
            return refuseRest(response, BrokenBody.refusal(broken));
        } finally {
            readFirst.release();
        }
    }

    /** Those whose callers are not known yet may not keep others out by being slow. */
    private byte[] bodyOf(HttpServletRequest request, int most) throws IOException {
        byte[] body = request.getContentLengthLong() > most ? new byte[0] : new PacedBody(request.getInputStream(), pace).readNBytes(most + 1);
        if (body.length > most || request.getContentLengthLong() > most) {
            throw new BodyRefusedException(new InboundVerdict.Refused(HttpServletResponse.SC_BAD_REQUEST, "ValidationException", "A body of more than "
                    + most + " bytes needs x-amz-content-sha256, signed with the request"));
        }
        return body;
    }

    private static InboundRequest head(HttpServletRequest request, Optional<String> operation, Optional<String> runtime, Optional<String> managed) {
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String name : Collections.list(request.getHeaderNames())) {
            headers.computeIfAbsent(name, first -> new ArrayList<>(Collections.list(request.getHeaders(name))));
        }
        headers.computeIfAbsent("host", http2 -> List.of(host(request)));
        return new InboundRequest(request.getMethod(), request.getRequestURI(), Objects.requireNonNullElse(request.getQueryString(), ""),
                headers, operation, runtime, runtime.flatMap(named -> Query.of(request).first("qualifier")).orElse(""), managed, hasBody(request));
    }

    /** As the caller wrote it; HTTP/2 has it in another place. */
    static String host(HttpServletRequest request) {
        int usual = request.isSecure() ? HTTPS : HTTP;
        return Optional.ofNullable(request.getHeader("Host")).orElseGet(() -> request.getServerName() + (request.getServerPort() == usual ? "" : ":" + request.getServerPort()));
    }

    private static boolean hasBody(HttpServletRequest request) {
        if (request.getContentLengthLong() >= 0) {
            return request.getContentLengthLong() > 0;
        }
        // HTTP/2 has no header that announces a body of unknown length.
        return request.getHeader("Transfer-Encoding") != null
                || request.getProtocol().startsWith("HTTP/2") && List.of("POST", "PUT", "PATCH").contains(request.getMethod());
    }
}
