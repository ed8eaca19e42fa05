package dev.agentruntime.identity;

import com.nimbusds.oauth2.sdk.AuthorizationCode;
import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import dev.agentruntime.api.RoomOperations.Request;
import dev.agentruntime.api.Subject;
import dev.agentruntime.identity.Consent.Step;
import dev.agentruntime.identity.IdentityException.Kind;
import dev.agentruntime.net.Texts;
import dev.agentruntime.requests.InputException;
import dev.agentruntime.store.Sql;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.net.URI;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Logger;

/**
 * Ends consents: the application says who came back, and only where that is who began it, the code is exchanged. Thread-safe; blocks on
 * the database and on providers.
 */
final class ConsentCompletion {

    /** A server that was killed in the midst of an exchange holds it up for so long; then it is tried once more. */
    static final Duration IN_EXCHANGE = Duration.ofMinutes(2);

    private static final Logger LOG = Logger.getLogger(ConsentCompletion.class.getName());

    private final IdentityStore store;
    private final Vault vault;
    private final CredentialProviders providers;
    private final TokenEndpoint endpoint;
    private final Grants grants;
    private final Clock clock;

    ConsentCompletion(IdentityStore store, Vault vault, CredentialProviders providers, TokenEndpoint endpoint, Grants grants, Clock clock) {
        this.store = store;
        this.vault = vault;
        this.providers = providers;
        this.endpoint = endpoint;
        this.grants = grants;
        this.clock = clock;
    }

    /** What is to be exchanged. */
    private record Taken(Consent consent, ConsentSecrets secrets) {}

    JsonObject complete(Request request, JsonObject input) {
        Subject user = Users.named(request, input.getJsonObject("userIdentifier"));
        store.run(tables -> taken(new ConsentRows(tables.transaction()), Digests.of(input.getString("sessionUri")), user)).ifPresent(this::exchange);
        return JsonValue.EMPTY_JSON_OBJECT;
    }

    private void exchange(Taken taken) {
        Consent consent = taken.consent();
        try {
            Provider provider = providers.named(consent.provider());
            if (!taken.secrets().client().equals(Digests.client(provider))) {
                throw new ProviderException(Optional.of("changed"), "it was changed since the user was sent there");
            }
            Issued issued = endpoint.issued(provider, new AuthorizationCodeGrant(new AuthorizationCode(taken.secrets().code().orElse("")),
                    URI.create(taken.secrets().redirect()), new CodeVerifier(taken.secrets().verifier())), Asked.ofScopes(List.of()), Map.of());
            done(consent, grants.sealed(consent.grant(), provider, issued));
            IdentityMessage.CONSENTED.log(LOG, Texts.shown(consent.workload()), Texts.shown(consent.subject()), Texts.shown(consent.issuer()), consent.provider());
        } catch (ProviderException refused) {
            IdentityMessage.NOT_CONSENTED.log(LOG, Texts.shown(consent.workload()), Texts.shown(consent.subject()), consent.provider(), refused.getMessage());
            ended(consent, refused.isRefusal() ? Step.FAILED : Step.CODE);
            throw refused.toAnswer(consent.provider());
        }
    }

    /** Empty where it is done already: whoever asks twice gets the same answer. */
    private Optional<Taken> taken(ConsentRows rows, String id, Subject user) throws SQLException {
        Instant now = Sql.storable(clock.instant());
        Consent consent = rows.locked(id).orElseThrow(Consents::none);
        if (!consent.isOf(user.issuer(), user.name())) {
            IdentityMessage.NOT_CONSENTED.log(LOG, Texts.shown(consent.workload()), Texts.shown(user.name()), consent.provider(), "another user began it");
            throw Consents.none();
        }
        if (consent.step() == Step.DONE) {
            return Optional.empty();
        }
        if (consent.step() == Step.FAILED) {
            throw InputException.invalid("sessionUri", "is of a consent that was refused, or that came to nothing. Ask for the token anew");
        }
        if (consent.hasExpired(now)) {
            throw InputException.invalid("sessionUri", "has expired. Ask for the token anew");
        }
        if (consent.step() == Step.BEGUN) {
            throw InputException.invalid("sessionUri", "is of a consent that the user has not given yet: the provider has not sent a code");
        }
        if (consent.step() == Step.TAKEN && now.isBefore(consent.changed().plus(IN_EXCHANGE))) {
            throw new IdentityException(Kind.INTERNAL, "This consent is being completed. Ask again in " + IN_EXCHANGE.toMinutes() + " minutes, if its token is not there by then.");
        }
        Sealed sealed = new Secrets(rows.transaction()).find(consent.secrets()).orElseThrow(Consents::none);
        rows.step(consent, Step.TAKEN, now);
        return Optional.of(new Taken(consent, Consents.opened(vault, consent, sealed)));
    }

    /** The grant and the end of its consent are written as one. */
    private void done(Consent consent, Sealed grant) {
        Instant now = Sql.storable(clock.instant());
        store.run(tables -> {
            ConsentRows rows = new ConsentRows(tables.transaction());
            Secrets secrets = new Secrets(tables.transaction());
            rows.locked(consent.id()).orElseThrow(Consents::none); // its workload or provider may have been deleted meanwhile
            secrets.put(consent.grant(), grant, now);
            secrets.delete(consent.secrets());
            rows.step(consent, Step.DONE, now);
            return consent;
        });
    }

    private void ended(Consent consent, Step step) {
        store.run(tables -> {
            if (step == Step.FAILED) {
                new Secrets(tables.transaction()).delete(consent.secrets());
            }
            new ConsentRows(tables.transaction()).step(consent, step, Sql.storable(clock.instant()));
            return consent;
        });
    }
}
