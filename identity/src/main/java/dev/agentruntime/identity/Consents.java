package dev.agentruntime.identity;

import com.nimbusds.oauth2.sdk.AuthorizationRequest;
import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import dev.agentruntime.identity.Consent.Step;
import dev.agentruntime.identity.IdentityException.Kind;
import dev.agentruntime.requests.InputException;
import dev.agentruntime.store.Sql;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Asks users for their consent (RFC 6749, 4.1, with RFC 7636), and tells how far that has come. Thread-safe; blocks on database and providers. */
final class Consents {

    static final String URN = "urn:ietf:params:oauth:request_uri:";
    /** Consents that one user is asked for at once, for one workload and provider; the oldest go. */
    static final int MOST = 20;

    private final IdentityStore store;
    private final Vault vault;
    private final Workloads workloads;
    private final Discovery discovery;
    private final Grants grants;
    private final Supplier<Oauth2Settings> settings;
    private final Clock clock;

    Consents(IdentityStore store, Vault vault, Workloads workloads, Discovery discovery, Grants grants, Supplier<Oauth2Settings> settings, Clock clock) {
        this.store = store;
        this.vault = vault;
        this.workloads = workloads;
        this.discovery = discovery;
        this.grants = grants;
        this.settings = settings;
        this.clock = clock;
    }

    /** Where the user has to consent, and the session URI by which that is found again. */
    JsonObject begin(Acting acting, Provider provider, Asked asked, JsonObject input) {
        String returnUrl = returnUrl(acting, input);
        URI redirect = settings.get().callback(provider.name()).orElseThrow(() -> new IdentityException(Kind.INTERNAL, "Providers cannot send users back:"
                + " <agentRuntimeIdentity> has no publicUrl. The server's operator has to say at which URL browsers reach it."));
        Endpoints endpoints = discovery.of(provider);
        URI authorization = endpoints.authorization().orElseThrow(() -> new ProviderException(Optional.empty(), "it has no place where users consent"));
        String session = URN + Digests.random();
        String state = Digests.random();
        CodeVerifier verifier = new CodeVerifier();
        AuthorizationRequest.Builder request = new AuthorizationRequest.Builder(ResponseType.CODE, new ClientID(provider.settings().getString("clientId")))
                .endpointURI(authorization).redirectionURI(redirect).state(new State(state)).codeChallenge(verifier, CodeChallengeMethod.S256);
        if (!asked.scopes().isEmpty()) {
            request.scope(asked.scope());
        }
        request.resources(asked.resourceUris());
        asked.parameters().forEach((name, value) -> request.customParameter(name, value));
        if (!asked.audiences().isEmpty()) {
            request.customParameter("audience", String.join(" ", asked.audiences()));
        }
        Instant now = Sql.storable(clock.instant());
        Consent consent = new Consent(Digests.of(session), Digests.of(state), acting.workload(), acting.issuer(), acting.subject(), provider.name(), asked.place(),
                returnUrl, Step.BEGUN, now, now, now.plus(settings.get().consentLifetime()));
        ConsentSecrets secrets = new ConsentSecrets(session, request.build().toURI().toString(), verifier.getValue(), redirect.toString(), endpoints.issuer(),
                Digests.client(provider), Optional.ofNullable(input.getString("customState", null)), Optional.empty());
        keep(consent, secrets, now);
        return inProgress(session, secrets);
    }

    private void keep(Consent consent, ConsentSecrets secrets, Instant now) {
        Sealed sealed = vault.seal(consent.secrets(), secrets.bytes());
        store.run(tables -> {
            ConsentRows rows = new ConsentRows(tables.transaction());
            List<Consent> others = rows.of(consent);
            for (Consent old : others.subList(Math.min(MOST - 1, others.size()), others.size())) {
                rows.delete(old);
            }
            rows.insert(consent);
            new Secrets(tables.transaction()).put(consent.secrets(), sealed, now);
            return consent;
        });
    }

    private String returnUrl(Acting acting, JsonObject input) {
        List<String> allowed = workloads.named(acting.workload()).returnUrls();
        Optional<String> given = Optional.ofNullable(input.getString("resourceOauth2ReturnUrl", null));
        return given.or(() -> allowed.size() == 1 ? Optional.of(allowed.get(0)) : Optional.empty()).filter(allowed::contains)
                .orElseThrow(() -> InputException.invalid("resourceOauth2ReturnUrl", "must be one of the allowedResourceOauth2ReturnUrls of the workload identity "
                        + acting.workload() + ", letter for letter"));
    }

    /**
     * How far a consent has come: its token, or that it is waited for, or that nothing comes of it.
     *
     * @throws IdentityException it is none of this user's, workload's and provider's
     */
    JsonObject progress(Acting acting, Provider provider, Asked asked, String session) {
        Consent consent = store.run(tables -> new ConsentRows(tables.transaction()).find(Digests.of(session)))
                .filter(one -> one.isOf(acting.issuer(), acting.subject()) && one.workload().equals(acting.workload()) && one.provider().equals(provider.name())
                        && one.grant().equals(new Slot(Slot.Kind.GRANT, acting.workload(), acting.issuer(), acting.subject(), provider.name(), asked.place())))
                .orElseThrow(Consents::none);
        if (consent.step() == Step.DONE) {
            return grants.accessToken(consent.grant(), provider).map(token -> Json.createObjectBuilder().add("accessToken", token).build())
                    .orElseGet(() -> failed(session));
        }
        return consent.step() == Step.FAILED || consent.hasExpired(clock.instant()) ? failed(session) : inProgress(session, secrets(consent));
    }

    /** The same answer whether there is none, or another user's. */
    static IdentityException none() {
        return new IdentityException(Kind.DENIED, "There is no consent of this session URI that this user, workload and provider wait for. Ask for the token anew,"
                + " without it.");
    }

    private ConsentSecrets secrets(Consent consent) {
        Sealed sealed = store.run(tables -> new Secrets(tables.transaction()).find(consent.secrets())).orElseThrow(Consents::none);
        return opened(vault, consent, sealed);
    }

    static ConsentSecrets opened(Vault vault, Consent consent, Sealed sealed) {
        byte[] bytes = vault.open(consent.secrets(), sealed);
        try {
            return ConsentSecrets.parse(bytes);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    private static JsonObject inProgress(String session, ConsentSecrets secrets) {
        return status(session, "IN_PROGRESS").add("authorizationUrl", secrets.url()).build();
    }

    private static JsonObject failed(String session) {
        return status(session, "FAILED").build();
    }

    private static JsonObjectBuilder status(String session, String status) {
        return Json.createObjectBuilder().add("sessionUri", session).add("sessionStatus", status);
    }
}
