package dev.agentruntime.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.api.CredentialRead;
import dev.agentruntime.api.CredentialRead.Outcome;
import dev.agentruntime.spi.SessionFacts;
import dev.agentruntime.spi.WantedCredential;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What meters are told of requests for credentials. */
class CredentialGateTest extends Oauth2TestBase {

    @BeforeEach
    void makeKey() {
        client.createApiKeyCredentialProvider(r -> r.name("openai").apiKey("sk-0123456789"));
    }

    private String key(String token, String name) {
        return data.getResourceApiKey(r -> r.workloadIdentityToken(token).resourceCredentialProviderName(name)).apiKey();
    }

    private void refused(String token, String name) {
        assertThatThrownBy(() -> key(token, name)).isNotNull();
    }

    private void noToken(String flow) {
        String token = tokenFor("orders", "alice");
        assertThatThrownBy(() -> room.tokens().token(new JsonRequest(token, "idp", flow).json())).isInstanceOf(IdentityException.class);
    }

    private static CredentialRead read(String provider, Outcome outcome) {
        return new CredentialRead(provider, outcome);
    }

    @Test
    void keysAreCountedByProviderAndByHowItEnded() throws Exception {
        String token = workloadToken("orders");
        key(token, "openai");
        key(token, "openai");
        assertThat(reads).containsExactly(read("openai", Outcome.GIVEN), read("openai", Outcome.GIVEN));
        reads.clear();
        assertThat(post("UpdateApiKeyCredentialProvider", "{\"name\": \"openai\", \"apiKey\": \"other\", \"allowedWorkloads\": [\"invoices\"]}").statusCode()).isEqualTo(200);
        refused(token, "openai");
        assertThat(reads).as("of others").containsExactly(read("openai", Outcome.REFUSED));
    }

    @Test
    void whoAsksMakesUpNoNamesForMeters() {
        refused(workloadToken("orders"), "made-up");
        refused("no token", "openai");
        assertThat(reads).containsExactly(read("", Outcome.REFUSED), read("", Outcome.REFUSED));
    }

    @Test
    void aKeyThatCannotBeReadIsAFailure() {
        settings = new IdentitySettings(VaultKeys.NONE, settings.secrets(), settings.tokenLifetime(), settings.sessionTokenLifetime(), settings.oauth2());
        assertThatThrownBy(() -> room.outbounds().credential(session(), new WantedCredential("openai", WantedCredential.Flow.API_KEY, List.of()))).isNotNull();
        assertThat(reads).containsExactly(read("openai", Outcome.FAILED));
    }

    private SessionFacts session() {
        SessionFacts session = new SessionFacts("s-1", "orders", "digest", ADMIN.subject(), ADMIN.subject().alone(),
                clock.instant());
        room.sessions().join(session);
        return session;
    }

    @Test
    void accessTokensAreCountedAndWhereAUserHasToConsentThatIsAnOutcomeOfItsOwn() throws Exception {
        client.updateWorkloadIdentity(r -> r.name("orders").allowedResourceOauth2ReturnUrls("https://app.example.com/back"));
        make("idp");
        assertThat(room.tokens().token(new JsonRequest(workloadToken("orders"), "idp", "M2M").json()).getString("accessToken")).isNotEmpty();
        assertThat(room.tokens().token(new JsonRequest(tokenFor("orders", "alice"), "idp", "USER_FEDERATION").json())).containsKey("authorizationUrl");
        noToken("ON_BEHALF_OF_TOKEN_EXCHANGE");
        assertThat(reads).containsExactly(read("idp", Outcome.GIVEN), read("idp", Outcome.CONSENT), read("idp", Outcome.REFUSED));
    }

    @Test
    void aProviderThatRefusesAndOneThatFailsAreToldApart() throws Exception {
        try (OddProvider odd = new OddProvider()) {
            make("idp", odd);
            odd.next(401, "{\"error\": \"invalid_client\"}");
            noToken("M2M");
            odd.next(503, "no JSON");
            noToken("M2M");
            assertThat(reads).containsExactly(read("idp", Outcome.REFUSED), read("idp", Outcome.FAILED));
        }
    }
}
