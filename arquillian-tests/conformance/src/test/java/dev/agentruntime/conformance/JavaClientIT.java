package dev.agentruntime.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner.AuthLocation;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.bedrockagentcore.BedrockAgentCoreClient;
import software.amazon.awssdk.services.bedrockagentcore.model.AccessDeniedException;
import software.amazon.awssdk.services.bedrockagentcore.model.BedrockAgentCoreException;
import software.amazon.awssdk.services.bedrockagentcore.model.InvokeAgentRuntimeResponse;
import software.amazon.awssdk.services.bedrockagentcore.model.ValidationException;

/** AWS's client for Java invokes agents with an access key and with a token, and gets the exceptions it knows. */
@EnabledIfSystemProperty(named = "liberty.home", matches = ".+")
class JavaClientIT {

    private static final String ARN = "arn:aws:bedrock-agentcore:eu-central-1:123456789012:runtime/";

    private final Server server = Server.running();

    private static void refused(int status, String type, String words, BedrockAgentCoreClient client, String agent) {
        try (client) {
            assertThatThrownBy(() -> JavaClient.invoke(client, agent)).isInstanceOfSatisfying(BedrockAgentCoreException.class, refused -> {
                assertThat(refused.awsErrorDetails().errorCode()).as(refused.getMessage()).isEqualTo(type);
                assertThat(refused.statusCode()).isEqualTo(status);
                assertThat(refused.awsErrorDetails().errorMessage()).contains(words).doesNotContain(Server.SECRET);
                assertThat(refused.requestId()).isNotEmpty();
            });
        }
    }

    private static void echoed(ResponseBytes<InvokeAgentRuntimeResponse> answer, String caller) {
        assertThat(answer.asUtf8String()).isEqualTo("{\"prompt\":\"hello\"}");
        assertThat(answer.response().contentType()).isEqualTo("application/json");
        assertThat(answer.response().runtimeSessionId()).hasSizeGreaterThanOrEqualTo(33);
        assertThat(answer.response().sdkHttpResponse().firstMatchingHeader("X-Amzn-Bedrock-AgentCore-Runtime-Custom-Caller")).hasValue(caller);
        assertThat(answer.response().sdkHttpResponse().firstMatchingHeader("X-Amzn-Bedrock-AgentCore-Runtime-Custom-Token")).hasValue("false");
    }

    @Test
    void anAccessKeyInvokesByNameAndByArn() {
        try (BedrockAgentCoreClient client = JavaClient.withKey().build()) {
            echoed(JavaClient.invoke(client, "hello"), "orders");
            echoed(JavaClient.invoke(client, ARN + "hello"), "orders");
            echoed(JavaClient.invoke(client, ARN + "signed", request -> request.qualifier("DEFAULT").runtimeUserId("ada")), "orders");
        }
    }

    @Test
    void aSessionIsItsPrincipalsAndNobodyElses() {
        try (BedrockAgentCoreClient orders = JavaClient.withKey().build();
                BedrockAgentCoreClient narrow = JavaClient.withKey(Server.NARROW_KEY_ID, Server.SECRET).build()) {
            String session = JavaClient.invoke(orders, "hello").response().runtimeSessionId();
            assertThat(JavaClient.invoke(orders, "hello", request -> request.runtimeSessionId(session)).response().runtimeSessionId()).isEqualTo(session);
            assertThatThrownBy(() -> JavaClient.invoke(narrow, "hello", request -> request.runtimeSessionId(session)))
                    .isInstanceOf(AccessDeniedException.class);
        }
    }

    @Test
    void aTokenGoesThroughAnonymousCredentialsAndAHeader() {
        try (BedrockAgentCoreClient client = JavaClient.withToken(server.servers.token("alice"))) {
            echoed(JavaClient.invoke(client, "hello"), "alice");
            echoed(JavaClient.invoke(client, ARN + "hello"), "alice");
        }
        try (BedrockAgentCoreClient client = JavaClient.withToken(server.own.token("bob"))) {
            echoed(JavaClient.invoke(client, "own"), "bob");
            echoed(JavaClient.invoke(client, ARN + "own"), "bob");
        }
    }

    @Test
    void aBodyThatIsChangedOnItsWayIsRefused() {
        refused(403, "InvalidSignatureException", "The body is not the one that was signed", JavaClient.withKey().httpClient(JavaClient.onTheWay(
                request -> HttpExecuteRequest.builder().request(request.httpRequest())
                        .contentStreamProvider(ContentStreamProvider.fromUtf8String("{\"prompt\":\"jello\"}")).build())).build(), "hello");
    }

    @Test
    void aHeaderOrAPathThatIsChangedOnItsWayIsRefused() {
        refused(403, "InvalidSignatureException", "not that of this request", JavaClient.withKey().httpClient(JavaClient.onTheWay(
                request -> HttpExecuteRequest.builder().contentStreamProvider(request.contentStreamProvider().orElseThrow()).request(request.httpRequest()
                        .toBuilder().putHeader("X-Amzn-Bedrock-AgentCore-Runtime-Session-Id", "s".repeat(40)).build()).build())).build(), "hello");
        refused(403, "InvalidSignatureException", "not that of this request", JavaClient.withKey().httpClient(JavaClient.onTheWay(
                request -> HttpExecuteRequest.builder().contentStreamProvider(request.contentStreamProvider().orElseThrow()).request(request.httpRequest()
                        .toBuilder().encodedPath("/agents/runtimes/signed/invocations").build()).build())).build(), "hello");
        refused(403, "InvalidSignatureException", "must cover the header x-amzn-bedrock-agentcore-runtime-user-id", JavaClient.withKey().httpClient(
                JavaClient.onTheWay(request -> HttpExecuteRequest.builder().contentStreamProvider(request.contentStreamProvider().orElseThrow())
                        .request(request.httpRequest().toBuilder().putHeader("X-Amzn-Bedrock-AgentCore-Runtime-User-Id", "eve").build()).build())).build(), "hello");
    }

    @Test
    void anOldSignatureAndOneOfTheFutureAreRefused() {
        for (Duration off : new Duration[] {Duration.ofMinutes(-6), Duration.ofDays(-30), Duration.ofMinutes(6)}) {
            Clock clock = Clock.offset(Clock.systemUTC(), off);
            refused(403, "InvalidSignatureException", off.isNegative() ? "Signature expired" : "not yet current",
                    JavaClient.withKey().putAuthScheme(JavaClient.signing(request -> request.putProperty(HttpSigner.SIGNING_CLOCK, clock))).build(), "hello");
        }
    }

    @Test
    void anUnknownKeyAndAWrongSecretAreRefused() {
        refused(403, "UnrecognizedClientException", "no access key of this id", JavaClient.withKey("AKNOBODY01", Server.SECRET).build(), "hello");
        refused(403, "InvalidSignatureException", "not that of this request", JavaClient.withKey(Server.KEY_ID, "another secret of some length").build(), "hello");
    }

    @Test
    void aWrongRegionOrServiceIsRefused() {
        refused(403, "InvalidSignatureException", "region eu-central-1", JavaClient.withKey().region(Region.US_EAST_1).build(), "hello");
        refused(403, "InvalidSignatureException", "service bedrock-agentcore", JavaClient.withKey().putAuthScheme(
                JavaClient.signing(request -> request.putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "s3"))).build(), "hello");
    }

    @Test
    void aMissingRightIsAccessDenied() {
        try (BedrockAgentCoreClient narrow = JavaClient.withKey(Server.NARROW_KEY_ID, Server.SECRET).build()) {
            JavaClient.invoke(narrow, "hello");
            JavaClient.invoke(narrow, ARN + "hello");
            assertThatThrownBy(() -> JavaClient.invoke(narrow, "signed")).isInstanceOf(AccessDeniedException.class)
                    .hasMessageContaining("narrow has no right to the agent runtime signed");
            assertThatThrownBy(() -> JavaClient.invoke(narrow, "hello", request -> request.runtimeUserId("ada"))).isInstanceOf(AccessDeniedException.class)
                    .hasMessageContaining("mayNameUsers");
        }
    }

    @Test
    void whatDoesNotOpenAnAgentIsRefused() {
        refused(403, "AccessDeniedException", "takes no signatures", JavaClient.withKey().build(), "tokens");
        refused(403, "AccessDeniedException", "takes no signatures", JavaClient.withKey().build(), "own");
        refused(403, "AccessDeniedException", "takes no signatures", JavaClient.withKey().build(), ARN + "own");
        refused(403, "MissingAuthenticationTokenException", "signed with an access key", JavaClient.withToken(server.servers.token("alice")), "signed");
        refused(401, "UnauthorizedException", "not valid for this agent runtime", JavaClient.withToken(server.servers.token("alice")), "own");
        refused(401, "UnauthorizedException", "not valid here", JavaClient.withToken(server.own.token("alice")), "hello");
    }

    private static URI signedUrl(String agent, String keyId) {
        SdkHttpRequest plain = SdkHttpRequest.builder().method(SdkHttpMethod.POST)
                .uri(URI.create(Server.ENDPOINT + "/runtimes/" + agent + "/invocations")).build();
        return AwsV4HttpSigner.create().sign(asked -> asked.identity(AwsCredentialsIdentity.create(keyId, Server.SECRET)).request(plain)
                .payload(ContentStreamProvider.fromUtf8String("hello"))
                .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "bedrock-agentcore").putProperty(AwsV4HttpSigner.REGION_NAME, Server.REGION)
                .putProperty(AwsV4HttpSigner.AUTH_LOCATION, AuthLocation.QUERY_STRING)
                .putProperty(AwsV4HttpSigner.EXPIRATION_DURATION, Duration.ofMinutes(4))).request().getUri();
    }

    private static HttpResponse<String> post(URI url, String body) throws Exception {
        return HttpClient.newHttpClient().send(HttpRequest.newBuilder(url).POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
    }

    @Test
    void aSignedUrlIsGoodOnceAndForItsBodyOnly() throws Exception {
        URI url = signedUrl("hello", Server.KEY_ID);
        HttpResponse<String> other = post(url, "jello");
        assertThat(other.statusCode()).as(other.body()).isEqualTo(403);
        HttpResponse<String> first = post(url, "hello");
        assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
        assertThat(first.body()).isEqualTo("hello");
        HttpResponse<String> again = post(url, "hello");
        assertThat(again.statusCode()).isEqualTo(403);
        assertThat(again.headers().firstValue("x-amzn-ErrorType")).hasValue("InvalidSignatureException");
        assertThat(again.body()).contains("used already");
        HttpResponse<String> narrow = post(signedUrl("signed", Server.NARROW_KEY_ID), "hello");
        assertThat(narrow.headers().firstValue("x-amzn-ErrorType")).hasValue("AccessDeniedException");
    }

    /** That a body of 100,000,000 bytes passes is shown where the server's agent does not keep it in memory. */
    @Test
    void aBodyOfOneByteTooManyIsTheCallersFault() {
        SdkBytes body = SdkBytes.fromByteArrayUnsafe(new byte[100_000_001]);
        try (BedrockAgentCoreClient signing = JavaClient.withKey().build();
                BedrockAgentCoreClient bearing = JavaClient.withToken(server.servers.token("alice"))) {
            for (BedrockAgentCoreClient client : List.of(signing, bearing)) {
                assertThatThrownBy(() -> JavaClient.invoke(client, "hello", request -> request.payload(body))).isInstanceOf(ValidationException.class)
                        .hasMessageContaining("larger than 100000000 bytes");
            }
        }
    }

    @Test
    void noRefusalIsTriedAgain() {
        int[] requests = new int[1];
        try (BedrockAgentCoreClient client = JavaClient.withKey(Server.KEY_ID, "another secret of some length").httpClient(JavaClient.onTheWay(request -> {
            requests[0]++;
            return request;
        })).build()) {
            assertThatThrownBy(() -> JavaClient.invoke(client, "hello")).isInstanceOf(SdkException.class);
            assertThat(requests[0]).isEqualTo(1);
        }
    }
}
