package dev.agentruntime.conformance;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner.AuthLocation;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/** A WebSocket of Java's own client, at a URL that AWS's signer has signed beforehand. What comes is kept as text, "close CODE" at its end. */
final class SignedSocket implements WebSocket.Listener, AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private final StringBuilder text = new StringBuilder();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final WebSocket socket;

    /** @param path below the endpoint */
    SignedSocket(String path, String session) {
        SdkHttpRequest plain = SdkHttpRequest.builder().method(SdkHttpMethod.GET).uri(URI.create(VmServer.ENDPOINT + path))
                .putRawQueryParameter("X-Amzn-Bedrock-AgentCore-Runtime-Session-Id", session).build();
        URI signed = AwsV4HttpSigner.create().sign(asked -> asked.identity(AwsCredentialsIdentity.create(VmServer.KEY_ID, VmServer.SECRET)).request(plain)
                .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "bedrock-agentcore").putProperty(AwsV4HttpSigner.REGION_NAME, VmServer.REGION)
                .putProperty(AwsV4HttpSigner.AUTH_LOCATION, AuthLocation.QUERY_STRING)
                .putProperty(AwsV4HttpSigner.EXPIRATION_DURATION, Duration.ofMinutes(4))).request().getUri();
        socket = HttpClient.newHttpClient().newWebSocketBuilder().buildAsync(URI.create(signed.toString().replaceFirst("http", "ws")), this).join();
    }

    void say(String words) {
        socket.sendText(words, true).join();
    }

    /** To a channel of a shell. */
    void say(int channel, String words) {
        byte[] said = words.getBytes(StandardCharsets.UTF_8);
        socket.sendBinary(ByteBuffer.allocate(1 + said.length).put((byte) channel).put(said).flip(), true).join();
    }

    /** The next message; of a shell with the number of its channel before it. */
    String hear() throws InterruptedException {
        String next = heard.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("nothing came in " + PATIENCE.toSeconds() + " s");
        }
        return next;
    }

    /** All that comes until something has {@code words} in it. */
    String until(String words) throws InterruptedException {
        StringBuilder all = new StringBuilder();
        while (all.indexOf(words) < 0) {
            String next = hear();
            all.append(next);
            if (next.startsWith("close ") && all.indexOf(words) < 0) {
                throw new AssertionError("it ended before it said '" + words + "': " + all);
            }
        }
        return all.toString();
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        text.append(data);
        if (last) {
            heard.add(text.toString());
            text.setLength(0);
        }
        from.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
        byte[] part = new byte[data.remaining()];
        data.get(part);
        bytes.writeBytes(part);
        if (last) {
            byte[] all = bytes.toByteArray();
            heard.add(all[0] + new String(all, 1, all.length - 1, StandardCharsets.UTF_8));
            bytes.reset();
        }
        from.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        heard.add("close " + code);
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        heard.add("close " + error);
    }

    @Override
    public void close() {
        socket.abort();
    }
}
