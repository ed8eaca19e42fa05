package dev.agentruntime.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.oauth2.sdk.util.URLUtils;
import dev.agentruntime.net.Cidr;
import jakarta.json.Json;
import jakarta.json.JsonObjectBuilder;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import no.nav.security.mock.oauth2.MockOAuth2Server;
import no.nav.security.mock.oauth2.OAuth2Config;
import no.nav.security.mock.oauth2.token.DefaultOAuth2TokenCallback;
import okhttp3.mockwebserver.RecordedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.bedrockagentcore.BedrockAgentCoreClient;

/** Tests against an OAuth2 server that others wrote. */
abstract class Oauth2TestBase extends IdentityTestBase {

    static final String ISSUER = "corp";
    static final String CLIENT = "the-client";
    static final String CLIENT_SECRET = "the-secret-of-the-client";

    /** What the room has told since the test began. */
    final List<String> told = new ArrayList<>();
    private final Logger log = Logger.getLogger("dev.agentruntime.identity");
    private final Handler listener = new Handler() {
        @Override
        public void publish(LogRecord record) {
            synchronized (told) {
                told.add(record.getMessage());
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };
    MockOAuth2Server provider;
    BedrockAgentCoreClient data;

    @BeforeEach
    final void beginWithProvider() {
        provider = new MockOAuth2Server(new OAuth2Config(false, null, null, rotates()));
        provider.start();
        settings = new IdentitySettings(settings.keys(), Optional.empty(), IdentitySettings.STANDARD_LIFETIME, Optional.empty(),
                oauth2(List.of(Cidr.parse("127.0.0.0/8"), Cidr.parse("::1"))));
        data = BedrockAgentCoreClient.builder().endpointOverride(door.uri()).region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "secret")))
                .httpClientBuilder(UrlConnectionHttpClient.builder()).build();
        client.createWorkloadIdentity(r -> r.name("orders"));
        client.createWorkloadIdentity(r -> r.name("invoices"));
        log.addHandler(listener);
    }

    Oauth2Settings oauth2(List<Cidr> addresses) {
        return new Oauth2Settings(addresses, Optional.of(door.uri()), Duration.ofMinutes(10));
    }

    /** Whether the provider gives another refresh token each time. */
    boolean rotates() {
        return true;
    }

    @AfterEach
    final void endWithProvider() {
        log.removeHandler(listener);
        data.close();
        provider.shutdown();
    }

    /** A provider of this name at the server. */
    final void make(String name) throws Exception {
        make(name, "CLIENT_SECRET_BASIC", CLIENT_SECRET);
    }

    final void make(String name, String method, String secret) throws Exception {
        make(name, config(secret).add("clientAuthenticationMethod", method));
    }

    final void make(String name, JsonObjectBuilder config) throws Exception {
        HttpResponse<String> made = post("CreateOauth2CredentialProvider", request(name, config));
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    }

    final JsonObjectBuilder config(String secret) {
        return Json.createObjectBuilder().add("clientId", CLIENT).add("clientSecret", secret)
                .add("oauthDiscovery", Json.createObjectBuilder().add("discoveryUrl", wellKnown()));
    }

    final void make(String name, OddProvider odd) throws Exception {
        make(name, config(CLIENT_SECRET).add("oauthDiscovery", Json.createObjectBuilder().add("discoveryUrl", odd.discovery())));
    }

    static String request(String name, JsonObjectBuilder config) {
        return Json.createObjectBuilder().add("name", name).add("credentialProviderVendor", "CustomOauth2")
                .add("oauth2ProviderConfigInput", Json.createObjectBuilder().add("customOauth2ProviderConfig", config)).build().toString();
    }

    final String wellKnown() {
        return provider.wellKnownUrl(ISSUER).toString();
    }

    final String workloadToken(String workload) {
        return data.getWorkloadAccessToken(r -> r.workloadName(workload)).workloadAccessToken();
    }

    final String tokenFor(String workload, String user) {
        return data.getWorkloadAccessTokenForUserId(r -> r.workloadName(workload).userId(user)).workloadAccessToken();
    }

    /** The provider's next access token is for so long. */
    final void nextExpiresIn(Duration time) {
        provider.enqueueCallback(new DefaultOAuth2TokenCallback(ISSUER, "someone", "JWT", null, Map.of(), time.toSeconds()));
    }

    /** What the provider was asked for tokens since the last time, with the parameters of each request. */
    final List<Map<String, String>> asked() {
        List<Map<String, String>> asked = new ArrayList<>();
        for (Optional<RecordedRequest> next = taken(); next.isPresent(); next = taken()) {
            if (next.get().getPath().contains("/token")) {
                Map<String, String> parameters = new LinkedHashMap<>();
                URLUtils.parseParameters(next.get().getBody().readUtf8()).forEach((name, values) -> parameters.put(name, String.join("|", values)));
                Optional.ofNullable(next.get().getHeader("Authorization")).ifPresent(header -> parameters.put("Authorization", header));
                asked.add(parameters);
            }
        }
        return asked;
    }

    private Optional<RecordedRequest> taken() {
        try {
            return Optional.of(provider.takeRequest(0, TimeUnit.MILLISECONDS));
        } catch (RuntimeException none) {
            return Optional.empty();
        }
    }

    static Map<String, String> query(URI uri) {
        Map<String, String> query = new LinkedHashMap<>();
        URLUtils.parseParameters(uri.getRawQuery()).forEach((name, values) -> query.put(name, String.join("|", values)));
        return query;
    }
}
