package dev.agentruntime.conformance;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.SdkHttpRequest;

/**
 * Adds {@code hooksConfiguration} to what a client is about to sign and send, where it makes an agent runtime: AgentCore takes it, and no client
 * that is published knows it yet. They leave out what they do not know.
 */
final class WarmupHook implements ExecutionInterceptor {

    private static final String MEMBER = "{\"hooksConfiguration\":{\"build\":{\"warmup\":{\"action\":{\"httpPost\":{\"path\":\"/warm\",\"port\":8080}}}}},";

    private static boolean makes(SdkHttpRequest request) {
        return request.encodedPath().endsWith("/runtimes/") && request.method().name().equals("PUT");
    }

    @Override
    public SdkHttpRequest modifyHttpRequest(Context.ModifyHttpRequest context, ExecutionAttributes attributes) {
        SdkHttpRequest request = context.httpRequest();
        return makes(request) ? request.toBuilder().putHeader("Content-Length", Integer.toString(hooked(context).length)).build() : request;
    }

    @Override
    public Optional<RequestBody> modifyHttpContent(Context.ModifyHttpRequest context, ExecutionAttributes attributes) {
        return makes(context.httpRequest()) ? Optional.of(RequestBody.fromBytes(hooked(context))) : context.requestBody();
    }

    private static byte[] hooked(Context.ModifyHttpRequest context) {
        try (InputStream body = context.requestBody().orElseThrow().contentStreamProvider().newStream()) {
            String json = new String(body.readAllBytes(), StandardCharsets.UTF_8);
            return (MEMBER + json.substring(1)).getBytes(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
