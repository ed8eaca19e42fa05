package dev.agentruntime.inbound;

import dev.agentruntime.api.InboundRequest;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpFullRequest;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner.AuthLocation;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignRequest;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/** Signs with AWS's own SDK. */
record TestSigner(String keyId, String secret, String region, String service, Clock clock) {

    static TestSigner of(Clock clock) {
        return new TestSigner("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "us-east-1", "bedrock-agentcore", clock);
    }

    TestSigner key(String id, String itsSecret) {
        return new TestSigner(id, itsSecret, region, service, clock);
    }

    TestSigner scope(String otherRegion, String otherService) {
        return new TestSigner(keyId, secret, otherRegion, otherService, clock);
    }

    /** A signed request, and its body as it goes over the wire. */
    record Sent(InboundRequest request, byte[] body) {

        Sent with(String header, String value) {
            Map<String, List<String>> headers = new TreeMap<>(request.headers());
            headers.put(header, List.of(value));
            return new Sent(new InboundRequest(request.method(), request.rawPath(), request.rawQuery(), headers, request.operation(),
                    request.runtime(), request.hasBody()), body);
        }

        Sent without(String header) {
            Map<String, List<String>> headers = new TreeMap<>(request.headers());
            headers.remove(header);
            return new Sent(new InboundRequest(request.method(), request.rawPath(), request.rawQuery(), headers, request.operation(),
                    request.runtime(), request.hasBody()), body);
        }

        Sent to(String path, String query) {
            return new Sent(new InboundRequest(request.method(), path, query, request.headers(), request.operation(), request.runtime(),
                    request.hasBody()), body);
        }
    }

    Sent sign(String method, String uri, Map<String, String> headers, byte[] body) {
        return sign(method, uri, headers, body, more -> { });
    }

    Sent presign(String uri, Duration expires) {
        return sign("GET", uri, Map.of(), new byte[0], more -> more.putProperty(AwsV4HttpSigner.AUTH_LOCATION, AuthLocation.QUERY_STRING)
                .putProperty(AwsV4HttpSigner.EXPIRATION_DURATION, expires));
    }

    Sent sign(String method, String uri, Map<String, String> headers, byte[] body,
            Consumer<SignRequest.Builder<AwsCredentialsIdentity>> more) {
        SdkHttpFullRequest.Builder plain = SdkHttpFullRequest.builder().method(SdkHttpMethod.fromValue(method)).uri(URI.create(uri));
        headers.forEach(plain::putHeader);
        if (body.length > 0) {
            plain.putHeader("Content-Length", String.valueOf(body.length));
        }
        SignedRequest signed = AwsV4HttpSigner.create().sign(asked -> {
            asked.identity(AwsCredentialsIdentity.create(keyId, secret)).request(plain.build())
                    .payload(ContentStreamProvider.fromByteArray(body))
                    .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, service).putProperty(AwsV4HttpSigner.REGION_NAME, region)
                    .putProperty(HttpSigner.SIGNING_CLOCK, clock);
            more.accept(asked);
        });
        return new Sent(inbound(signed.request(), body.length > 0), signed.payload().map(TestSigner::bytes).orElse(body));
    }

    private static byte[] bytes(ContentStreamProvider payload) {
        try (InputStream in = payload.newStream()) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static InboundRequest inbound(SdkHttpRequest request, boolean body) {
        Map<String, List<String>> headers = new TreeMap<>();
        request.headers().forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values));
        String query = request.encodedQueryParameters().orElse("");
        return new InboundRequest(request.method().name(), request.encodedPath(), query, headers, Optional.of("InvokeAgentRuntime"),
                Optional.of("hello"), body);
    }
}
