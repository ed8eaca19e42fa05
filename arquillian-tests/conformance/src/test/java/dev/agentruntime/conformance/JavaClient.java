package dev.agentruntime.conformance;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.http.auth.aws.scheme.AwsV4AuthScheme;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.AsyncSignRequest;
import software.amazon.awssdk.http.auth.spi.signer.AsyncSignedRequest;
import software.amazon.awssdk.http.auth.spi.signer.SignRequest;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.IdentityProvider;
import software.amazon.awssdk.identity.spi.IdentityProviders;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.bedrockagentcore.BedrockAgentCoreClient;
import software.amazon.awssdk.services.bedrockagentcore.BedrockAgentCoreClientBuilder;
import software.amazon.awssdk.services.bedrockagentcore.model.InvokeAgentRuntimeRequest;
import software.amazon.awssdk.services.bedrockagentcore.model.InvokeAgentRuntimeResponse;

/** AWS's client for Java, as its users make it, but for what a test breaks. */
final class JavaClient {

    private JavaClient() {}

    static BedrockAgentCoreClientBuilder withKey(String id, String secret) {
        return BedrockAgentCoreClient.builder().endpointOverride(Server.ENDPOINT).region(Region.of(Server.REGION))
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(id, secret)));
    }

    static BedrockAgentCoreClientBuilder withKey() {
        return withKey(Server.KEY_ID, Server.SECRET);
    }

    /** Tells of the first refusal, where the client would try again by itself. */
    static BedrockAgentCoreClient withTokenOnce(String token) {
        return BedrockAgentCoreClient.builder().endpointOverride(Server.ENDPOINT).region(Region.of(Server.REGION))
                .credentialsProvider(AnonymousCredentialsProvider.create())
                .overrideConfiguration(all -> all.putHeader("Authorization", "Bearer " + token).retryStrategy(AwsRetryStrategy.doNotRetry())).build();
    }

    static BedrockAgentCoreClient withToken(String token) {
        return BedrockAgentCoreClient.builder().endpointOverride(Server.ENDPOINT).region(Region.of(Server.REGION))
                .credentialsProvider(AnonymousCredentialsProvider.create())
                .overrideConfiguration(all -> all.putHeader("Authorization", "Bearer " + token)).build();
    }

    static ResponseBytes<InvokeAgentRuntimeResponse> invoke(BedrockAgentCoreClient client, String agent) {
        return invoke(client, agent, request -> { });
    }

    static ResponseBytes<InvokeAgentRuntimeResponse> invoke(BedrockAgentCoreClient client, String agent,
            Consumer<InvokeAgentRuntimeRequest.Builder> more) {
        InvokeAgentRuntimeRequest.Builder request = InvokeAgentRuntimeRequest.builder().agentRuntimeArn(agent).contentType("application/json")
                .payload(SdkBytes.fromUtf8String("{\"prompt\":\"hello\"}"));
        more.accept(request);
        return client.invokeAgentRuntime(request.build(), ResponseTransformer.toBytes());
    }

    /** What somebody does to a request on its way, when it is signed already. */
    static SdkHttpClient onTheWay(UnaryOperator<HttpExecuteRequest> change) {
        SdkHttpClient real = ApacheHttpClient.create();
        return new SdkHttpClient() {
            @Override
            public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
                return real.prepareRequest(change.apply(request));
            }

            @Override
            public void close() {
                real.close();
            }
        };
    }

    /** Signs with other properties than the client would. */
    static AwsV4AuthScheme signing(Consumer<SignRequest.Builder<? extends AwsCredentialsIdentity>> change) {
        AwsV4HttpSigner real = AwsV4HttpSigner.create();
        AwsV4HttpSigner changed = new AwsV4HttpSigner() {
            @Override
            public SignedRequest sign(SignRequest<? extends AwsCredentialsIdentity> request) {
                return real.sign(changed(request));
            }

            private <T extends AwsCredentialsIdentity> SignRequest<T> changed(SignRequest<T> request) {
                SignRequest.Builder<T> builder = request.toBuilder();
                change.accept(builder);
                return builder.build();
            }

            @Override
            public CompletableFuture<AsyncSignedRequest> signAsync(AsyncSignRequest<? extends AwsCredentialsIdentity> request) {
                throw new UnsupportedOperationException();
            }
        };
        return new AwsV4AuthScheme() {
            @Override
            public String schemeId() {
                return SCHEME_ID;
            }

            @Override
            public IdentityProvider<AwsCredentialsIdentity> identityProvider(IdentityProviders providers) {
                return providers.identityProvider(AwsCredentialsIdentity.class);
            }

            @Override
            public AwsV4HttpSigner signer() {
                return changed;
            }
        };
    }
}
