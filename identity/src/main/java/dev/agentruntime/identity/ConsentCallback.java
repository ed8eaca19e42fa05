package dev.agentruntime.identity;

import dev.agentruntime.api.RoomOperations.Answer;
import dev.agentruntime.api.RoomOperations.Request;
import dev.agentruntime.api.RoomOperations.Row;
import dev.agentruntime.api.RoomOperations.Who;
import dev.agentruntime.identity.Consent.Step;
import dev.agentruntime.net.Texts;
import dev.agentruntime.store.Sql;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;

/**
 * Where providers send browsers back to. Whoever holds the browser is not known here, so that a code is kept and not used: the application
 * says who came back. Thread-safe; blocks on the database.
 */
final class ConsentCallback {

    static final String PATH = "/identities/oauth2/callback/";

    private static final Logger LOG = Logger.getLogger(ConsentCallback.class.getName());
    private static final int FOUND = 302;
    private static final int BAD_REQUEST = 400;
    private static final int FAILED = 500;
    private static final int LONGEST_CODE = 8_192;
    private static final Pattern WORD = Pattern.compile("[a-z_]{1,60}");
    private static final Map<String, String> HEADERS = Map.of("Cache-Control", "no-store", "Referrer-Policy", "no-referrer", "X-Content-Type-Options", "nosniff",
            "Content-Security-Policy", "default-src 'none'");

    private final IdentityStore store;
    private final Vault vault;
    private final Clock clock;

    ConsentCallback(IdentityStore store, Vault vault, Clock clock) {
        this.store = store;
        this.vault = vault;
        this.clock = clock;
    }

    Row row() {
        return new Row("Oauth2Callback", "GET", PATH + "{provider}", Who.ANYBODY, this::answer);
    }

    private Answer answer(Request request) {
        try {
            return one(request, "state").flatMap(state -> store.run(tables -> taken(new ConsentRows(tables.transaction()), request, state)))
                    .map(ConsentCallback::sent)
                    .orElseGet(() -> page(BAD_REQUEST, "This answer is not waited for: it has been used, has come too late, or belongs to another request."
                            + " Go back to the application and begin anew.\n"));
        } catch (IdentityException cannot) {
            LOG.log(Level.FINE, cannot, () -> "A provider's answer could not be kept.");
            return page(FAILED, "The server cannot keep this answer now. Load this page again in a moment.\n");
        } catch (RuntimeException e) {
            IdentityMessage.UNEXPECTED.log(LOG, e, "taking a provider's answer", e.toString());
            return page(FAILED, "The server cannot take this answer.\n");
        }
    }

    /** Where the browser goes; empty where this is the answer to nothing. */
    private Optional<String> taken(ConsentRows rows, Request request, String state) throws SQLException {
        Instant now = Sql.storable(clock.instant());
        Optional<Consent> waiting = rows.lockedByState(Digests.of(state)).filter(one -> one.step() == Step.BEGUN && !one.hasExpired(now)
                && one.provider().equals(request.path().get("provider")));
        Secrets vaulted = new Secrets(rows.transaction());
        Optional<Sealed> sealed = waiting.isEmpty() ? Optional.empty() : vaulted.find(waiting.get().secrets());
        if (sealed.isEmpty()) {
            return Optional.empty();
        }
        Consent consent = waiting.get();
        ConsentSecrets secrets = Consents.opened(vault, consent, sealed.get());
        if (one(request, "iss").filter(issuer -> !issuer.equals(secrets.issuer())).isPresent()) {
            return Optional.empty(); // another provider's answer (RFC 9207)
        }
        Optional<String> code = one(request, "code").filter(text -> text.length() <= LONGEST_CODE);
        if (code.isEmpty() && one(request, "error").isEmpty()) {
            return Optional.empty();
        }
        if (code.isPresent() && !request.query().containsKey("error")) {
            vaulted.put(consent.secrets(), vault.seal(consent.secrets(), secrets.with(code.get()).bytes()), now);
            rows.step(consent, Step.CODE, now);
            return Optional.of(back(consent, secrets, Optional.empty()));
        }
        vaulted.delete(consent.secrets());
        rows.step(consent, Step.FAILED, now);
        String why = one(request, "error").filter(word -> WORD.matcher(word).matches()).orElse("server_error");
        IdentityMessage.NOT_CONSENTED.log(LOG, Texts.shown(consent.workload()), Texts.shown(consent.subject()), consent.provider(), why);
        return Optional.of(back(consent, secrets, Optional.of(why)));
    }

    /** The return URL may have a query of its own already. */
    private static String back(Consent consent, ConsentSecrets secrets, Optional<String> error) {
        StringBuilder url = new StringBuilder(consent.returnUrl()).append(consent.returnUrl().indexOf('?') < 0 ? '?' : '&')
                .append("session_id=").append(encoded(secrets.session()));
        secrets.customState().ifPresent(state -> url.append("&state=").append(encoded(state)));
        error.ifPresent(word -> url.append("&error=").append(word));
        return url.toString();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static Answer sent(String url) {
        Map<String, String> headers = new HashMap<>(HEADERS);
        headers.put("Location", url);
        return new Answer(FOUND, headers, "text/plain", "");
    }

    private static Answer page(int status, String text) {
        return new Answer(status, HEADERS, "text/plain;charset=UTF-8", text);
    }

    /** What is there twice is taken for nothing: two readers could read it differently. */
    private static Optional<String> one(Request request, String parameter) {
        List<String> values = request.query().getOrDefault(parameter, List.of());
        return values.size() == 1 && !values.get(0).isEmpty() ? Optional.of(values.get(0)) : Optional.empty();
    }
}
