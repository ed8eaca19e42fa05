package dev.agentruntime.client;

import java.net.URI;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/** AWS Signature Version 4 in headers, by AWS's own signer. */
final class Signature implements Credentials {

    /** Both of AgentCore's APIs sign for it. */
    private static final String SERVICE = "bedrock-agentcore";

    private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();
    private final AwsCredentialsIdentity key;
    private final String region;

    Signature(String accessKeyId, String secret, String region) {
        this.key = AwsCredentialsIdentity.create(accessKeyId, secret);
        this.region = region;
    }

    @Override
    public Map<String, String> header(String method, URI address, Map<String, String> header, Payload payload) {
        SdkHttpRequest.Builder request = SdkHttpRequest.builder().method(SdkHttpMethod.fromValue(method)).uri(address);
        header.forEach(request::putHeader);
        SignRequest.Builder<AwsCredentialsIdentity> sign = SignRequest.builder(key).request(request.build())
                .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, SERVICE)
                .putProperty(AwsV4HttpSigner.REGION_NAME, region);
        ContentStreamProvider content = payload::open;
        if (!payload.isNone()) {
            sign.payload(content);
        }
        Map<String, String> signed = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        signer.sign(sign.build()).request().forEachHeader((name, values) -> signed.put(name, values.get(0)));
        header.keySet().forEach(signed::remove);
        signed.remove("Host"); // the JDK's client sends it itself, and allows nobody else to
        return signed;
    }
}
