package dev.agentruntime.inbound;

import dev.agentruntime.api.BodyCheck;
import dev.agentruntime.api.InboundRequest;
import dev.agentruntime.api.InboundVerdict;
import dev.agentruntime.api.InboundVerdict.Admitted;
import dev.agentruntime.api.InboundVerdict.BodyFirst;
import dev.agentruntime.api.InboundVerdict.Refused;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** Judges requests that are signed with access keys: AWS Signature Version 4, in headers or beforehand in the query. Thread-safe. */
final class Verifier {

    /** How large a body may be that has to be read before its caller is known, as some clients sign. */
    static final int MOST_UNHASHED = 4 << 20;

    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern LENGTH = Pattern.compile("\\d{1,12}");
    private static final String CONTENT_HASH = "x-amz-content-sha256";
    private static final String UNSIGNED = "UNSIGNED-PAYLOAD";
    private static final List<String> SIGNED_ALWAYS = List.of("x-amz-", "x-amzn-bedrock-agentcore-");

    private final Function<String, Optional<AccessKey>> keys;
    private final Supplier<InboundSettings> settings;
    private final Replays replays;
    private final Clock clock;

    /** @param keys by their ids */
    Verifier(Function<String, Optional<AccessKey>> keys, Supplier<InboundSettings> settings, Replays replays, Clock clock) {
        this.keys = keys;
        this.settings = settings;
        this.replays = replays;
        this.clock = clock;
    }

    /** The verdict on a request that {@link Signed#isSigned is signed}. */
    InboundVerdict judge(InboundRequest request) {
        try {
            Signed signed = Signed.read(request);
            AccessKey key = keys.apply(signed.scope().keyId()).orElseThrow(() -> DeniedException.unknownKey(
                    "There is no access key of this id; <accessKey> elements in server.xml name those there are, and AGRT6002W in the log those that cannot be used"));
            checkScope(signed);
            checkTime(signed);
            checkHeaders(signed, request);
            Optional<String> hash = hash(signed, request);
            if (hash.isEmpty()) {
                return new BodyFirst(MOST_UNHASHED, body -> finish(request, signed, key, SigningKey.sha256(body), BodyCheck.NONE));
            }
            SigningKey signingKey = SigningKey.of(key.secret(), signed.scope());
            return finish(request, signed, key, hash.get(), body(request, signed, signingKey, hash.get()));
        } catch (DeniedException denied) {
            return denied.refusal();
        }
    }

    private void checkScope(Signed signed) {
        InboundSettings now = settings.get();
        if (!signed.dateTime().startsWith(signed.scope().date())) {
            throw DeniedException.wrongSignature("The credential's date is another than that of X-Amz-Date");
        }
        if (!signed.scope().region().equals(now.region())) {
            throw DeniedException.wrongSignature("The credential must be scoped to the region " + now.region()
                    + ", which <agentRuntimeInbound region> says");
        }
        if (!signed.scope().service().equals(now.service())) {
            throw DeniedException.wrongSignature("The credential must be scoped to the service " + now.service());
        }
    }

    private void checkTime(Signed signed) {
        InboundSettings limits = settings.get();
        Instant now = clock.instant();
        if (signed.at().isAfter(now.plus(limits.window()))) {
            throw DeniedException.wrongSignature("The signature is not yet current: it is of " + signed.at() + ", and it is " + now
                    + "; set the clock right");
        }
        if (signed.expires().isEmpty()) {
            if (signed.at().isBefore(now.minus(limits.window()))) {
                throw DeniedException.wrongSignature("Signature expired: it is of " + signed.at() + ", and it is " + now
                        + "; sign each request anew, and set the clock right");
            }
        } else if (signed.expires().get().compareTo(limits.longestPresigned()) > 0) {
            throw DeniedException.wrongSignature("X-Amz-Expires is more than " + limits.longestPresigned().toSeconds()
                    + " seconds, the longest that <agentRuntimeInbound maxPresigned> allows");
        } else if (signed.at().plus(signed.expires().get()).isBefore(now)) {
            throw expired();
        }
    }

    private static DeniedException expired() {
        return DeniedException.expired("The signed URL has expired; sign a new one");
    }

    /** A header that the signature does not cover could have been added by whoever saw the request. */
    private static void checkHeaders(Signed signed, InboundRequest request) {
        if (!signed.headers().contains("host")) {
            throw DeniedException.wrongSignature("The signature must cover the header host");
        }
        request.headers().forEach((name, values) -> {
            boolean always = SIGNED_ALWAYS.stream().anyMatch(name::startsWith);
            if (always && !signed.headers().contains(name)) {
                throw DeniedException.wrongSignature("The signature must cover the header " + name);
            }
            // Two are signed like one with a comma: whoever splits or joins them on the way changes what they say.
            if ((always || name.equals("host")) && values.size() > 1) {
                throw DeniedException.malformed("The header " + name + " comes more than once; send it once");
            }
        });
        for (String name : signed.headers()) {
            if (!request.headers().containsKey(name)) {
                throw DeniedException.wrongSignature("The signature covers the header " + name + ", which the request does not have."
                        + " A proxy before this server must pass headers on as they are, Host above all");
            }
        }
    }

    /** Empty where only the body itself can tell. */
    private static Optional<String> hash(Signed signed, InboundRequest request) {
        Optional<String> inQuery = signed.expires().flatMap(beforehand -> Canonical.parameters(request.rawQuery()).stream()
                .filter(one -> one.name().equals("X-Amz-Content-Sha256")).map(Canonical.Parameter::value).findFirst());
        Optional<String> stated = request.header(CONTENT_HASH).or(() -> inQuery);
        return stated.isPresent() || request.hasBody() ? stated : Optional.of(SigningKey.EMPTY);
    }

    private static BodyCheck body(InboundRequest request, Signed signed, SigningKey key, String hash) {
        if (HASH.matcher(hash).matches()) {
            return new HashedBody(hash, number(request, "content-length"));
        }
        if (hash.equals(UNSIGNED)) {
            return BodyCheck.NONE;
        }
        ChunkedBody.Form form = ChunkedBody.Form.of(hash).orElseThrow(() -> DeniedException.wrongSignature(
                "x-amz-content-sha256 must be a SHA-256 in hexadecimal digits, " + UNSIGNED + ", or a form of STREAMING- that is known here"));
        long length = number(request, "x-amz-decoded-content-length").orElseThrow(() -> DeniedException.malformed(
                "A body in chunks needs x-amz-decoded-content-length"));
        return new ChunkedBody(form, key, signed.dateTime(), signed.signature(), length, TrailerChecksum.announced(request.header("x-amz-trailer")));
    }

    private static OptionalLong number(InboundRequest request, String header) {
        Optional<String> text = request.header(header).filter(value -> LENGTH.matcher(value).matches());
        return text.isPresent() ? OptionalLong.of(Long.parseLong(text.get())) : OptionalLong.empty();
    }

    private InboundVerdict finish(InboundRequest request, Signed signed, AccessKey key, String hash, BodyCheck body) {
        try {
            String canonical = Canonical.request(request, signed.headers(), hash);
            String right = SigningKey.of(key.secret(), signed.scope()).signRequest(signed.dateTime(), canonical);
            if (!SigningKey.same(right, signed.signature())) {
                throw DeniedException.wrongSignature("The signature is not that of this request and this access key. See that the secret is"
                        + " right, and that no proxy changes path, query, Host or other signed headers");
            }
            key.check(request);
            signed.expires().ifPresent(lifetime -> useOnce(signed));
            return new Admitted(key.caller(), body);
        } catch (DeniedException denied) {
            return denied.refusal();
        }
    }

    private void useOnce(Signed signed) {
        Instant end = signed.at().plus(signed.expires().orElseThrow());
        Instant now = clock.instant();
        if (end.isBefore(now)) { // its body has come since it was looked at, and that it was used is forgotten at its end
            throw expired();
        }
        switch (replays.use(signed.scope().keyId(), signed.signature(), end, now)) {
            case AGAIN -> throw DeniedException.wrongSignature("The signed URL was used already; sign a new one");
            case FULL -> throw new DeniedException(new Refused(429, "ThrottlingException",
                    "More signed URLs of this access key are in use than this server keeps in mind; try again later, or sign with headers"));
            case FIRST -> { }
        }
    }
}
