package dev.agentruntime.sdk;

import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Credentials as the platform gives them to a guest, at AgentCore's paths and through the proxy that each guest has.
 *
 * @param token   of the invocation; empty where it brought none
 * @param open    makes a connection to a URL
 * @param outside what the machine says without a platform, by the name of a system property
 */
record HostCredentials(Optional<String> token, Opener open, UnaryOperator<String> outside) implements AgentCredentials {

    private static final String HOST = "http://agent-identity.outbound";
    private static final int PROXY_PORT = 3128;
    private static final int CONNECT_MILLIS = 10_000;
    /** The host gives a provider time, and says so where it does not answer. */
    private static final int ANSWER_MILLIS = 120_000;
    private static final int MOST_BYTES = 256 * 1024;
    private static final int FIRST_ERROR = 400;

    /** Makes a connection. */
    @FunctionalInterface
    interface Opener {
        HttpURLConnection to(String path) throws IOException;
    }

    /** Those of the platform, where the invocation brought a token. */
    static HostCredentials of(Function<String, Optional<String>> header) {
        Optional<String> token = header.apply("X-Amz-Bedrock-AgentCore-Identity-WAT").or(() -> header.apply("WorkloadAccessToken"));
        return new HostCredentials(token, HostCredentials::throughTheProxy, HostCredentials::ofThisMachine);
    }

    private static HttpURLConnection throughTheProxy(String path) throws IOException {
        Proxy proxy = new Proxy(Proxy.Type.HTTP, new InetSocketAddress("127.0.0.1", PROXY_PORT));
        return (HttpURLConnection) URI.create(HOST + path).toURL().openConnection(proxy);
    }

    private static String ofThisMachine(String property) {
        return Optional.ofNullable(System.getProperty(property)).or(() -> Optional.ofNullable(System.getenv(property.toUpperCase(Locale.ROOT)
                .replaceAll("[^A-Z0-9]", "_")))).orElse("");
    }

    @Override
    public String apiKey(String provider) {
        String own = token.isPresent() ? "" : outside.apply("agent.api-key." + provider);
        return !own.isEmpty() ? own : text(asked("/identities/api-key", "\"resourceCredentialProviderName\":" + JsonText.quote(provider)), "apiKey");
    }

    @Override
    public String accessToken(String provider, List<String> scopes, AccessFlow flow) {
        JsonObject answer = asked("/identities/oauth2/token", "\"resourceCredentialProviderName\":" + JsonText.quote(provider)
                + ",\"oauth2Flow\":" + JsonText.quote(flow.name())
                + ",\"scopes\":" + scopes.stream().map(JsonText::quote).collect(Collectors.joining(",", "[", "]")));
        if (answer.containsKey("authorizationUrl") && !answer.containsKey("accessToken")) {
            throw new AuthorizationRequiredException(provider, answer.getString("authorizationUrl"), answer.getString("sessionUri", ""));
        }
        return text(answer, "accessToken");
    }

    private static String text(JsonObject answer, String member) {
        return Optional.ofNullable(answer.getString(member, null)).filter(text -> !text.isEmpty()).orElseThrow(() -> new CredentialException("",
                "The platform's answer has no " + member + ". Ask whoever runs the server."));
    }

    /** @param members of the request, beside the token */
    private JsonObject asked(String path, String members) {
        String shown = token.orElseThrow(() -> new CredentialException("", "This invocation brought no workload access token, so the platform cannot be asked for"
                + " credentials. The server needs usr:agentIdentity-1.0 and a <vaultKey>; and whoever uses the session of somebody else brings none."));
        byte[] body = ("{\"workloadIdentityToken\":" + JsonText.quote(shown) + "," + members + "}").getBytes(StandardCharsets.UTF_8);
        try {
            return answer(open.to(path), body);
        } catch (IOException e) {
            throw new CredentialException("", "The platform could not be asked for credentials at " + HOST + ": " + Errors.message(e)
                    + ". The server needs the feature usr:agentIdentity-1.0.", e);
        }
    }

    private static JsonObject answer(HttpURLConnection connection, byte[] body) throws IOException {
        try {
            connection.setConnectTimeout(CONNECT_MILLIS);
            connection.setReadTimeout(ANSWER_MILLIS);
            connection.setInstanceFollowRedirects(false);
            connection.setRequestMethod("POST");
            connection.setDoOutput(true);
            connection.setRequestProperty("Content-Type", "application/json");
            connection.getOutputStream().write(body); // not streamed: of a 401 to that the JDK would hide what it says
            int status = connection.getResponseCode();
            String said = read(status < FIRST_ERROR ? connection.getInputStream() : connection.getErrorStream());
            if (status >= FIRST_ERROR) {
                String type = Optional.ofNullable(connection.getHeaderField("x-amzn-ErrorType")).orElse("");
                throw new CredentialException(type, object(said).map(refusal -> refusal.getString("message", said)).orElse(said.strip()));
            }
            return object(said).orElseThrow(() -> new CredentialException("", "The platform's answer is not what it should be. Ask whoever runs the server."));
        } finally {
            connection.disconnect();
        }
    }

    private static String read(InputStream in) throws IOException {
        if (in == null) { // an error without a body
            return "";
        }
        try (in) {
            return new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
        }
    }

    private static Optional<JsonObject> object(String text) {
        try (JsonReader reader = Json.createReader(new StringReader(text))) {
            return Optional.of(reader.readObject());
        } catch (JsonException | IllegalStateException none) {
            return Optional.empty();
        }
    }

    /** Says nothing of the token. */
    @Override
    public String toString() {
        return "HostCredentials[" + (token.isPresent() ? "with" : "without") + " a token]";
    }
}
