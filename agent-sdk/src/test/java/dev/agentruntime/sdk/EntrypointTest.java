package dev.agentruntime.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntrypointTest {

    private static final Json JSON = Json.withDocuments();
    private static final AgentContext CONTEXT =
            InvocationContext.of(Map.of(), "session", new TaskRegistry(Clock.systemUTC()));

    public record Prompt(String prompt) {
    }

    public static class Both {
        @AgentEntrypoint
        public String invoke(Prompt prompt, AgentContext context) {
            return prompt.prompt() + "@" + context.sessionId();
        }
    }

    public static class Nothing {
        @AgentEntrypoint
        public String invoke() {
            return "called";
        }
    }

    public static class ContextOnly {
        @AgentEntrypoint
        public String invoke(AgentContext context) {
            return context.sessionId();
        }
    }

    public static class Text {
        @AgentEntrypoint
        public String invoke(String body) {
            return body;
        }
    }

    public static class Bytes {
        @AgentEntrypoint
        public byte[] invoke(byte[] body) {
            return body;
        }
    }

    public static class Raw {
        @AgentEntrypoint
        public InputStream invoke(InputStream body) {
            return body;
        }
    }

    public static class Generic {
        @AgentEntrypoint
        public String invoke(Map<String, List<Prompt>> prompts) {
            return prompts.get("all").get(1).prompt();
        }
    }

    public record Papers(String note, List<AgentDocument> pages) {
    }

    public static class Archive {
        @AgentEntrypoint
        public String invoke(Papers papers) {
            return papers.note();
        }
    }

    public static class Throwing {
        @AgentEntrypoint
        public void invoke() throws IOException {
            throw new IOException("no paper");
        }
    }

    public static class Implementing implements Function<Prompt, String> {
        @Override
        @AgentEntrypoint
        public String apply(Prompt prompt) {
            return prompt.prompt();
        }
    }

    public static class Static {
        @AgentEntrypoint
        public static void invoke() {
        }
    }

    public static class Hidden {
        @AgentEntrypoint
        void invoke() {
        }
    }

    public abstract static class Abstract {
        @AgentEntrypoint
        public void invoke() {
        }
    }

    public static class Reversed {
        @AgentEntrypoint
        public void invoke(AgentContext context, Prompt prompt) {
        }
    }

    public static class TooMany {
        @AgentEntrypoint
        public void invoke(Prompt prompt, Prompt other) {
        }
    }

    public static class Servlety {
        @AgentEntrypoint
        public void invoke(HttpServletRequest request) {
        }
    }

    public static class Untyped<T> {
        @AgentEntrypoint
        public void invoke(T body) {
        }
    }

    public static class WithKey {
        @AgentEntrypoint
        public String invoke(Prompt prompt, AgentContext context, @RequiresApiKey("openai") String key,
                @RequiresAccessToken(provider = "github", scopes = {"repo", "user"}, flow = AccessFlow.M2M) String token) {
            return prompt.prompt() + " with " + key + " and " + token;
        }
    }

    public static class KeyAlone {
        @AgentEntrypoint
        public String invoke(@RequiresApiKey("openai") String key) {
            return "with '" + key + "'";
        }
    }

    public static class KeyFirst {
        @AgentEntrypoint
        public void invoke(@RequiresApiKey("openai") String key, Prompt prompt) {
        }
    }

    public static class KeyOfNoString {
        @AgentEntrypoint
        public void invoke(@RequiresApiKey("openai") Prompt key) {
        }
    }

    public static class KeyAndToken {
        @AgentEntrypoint
        public void invoke(@RequiresApiKey("openai") @RequiresAccessToken(provider = "github") String both) {
        }
    }

    /** A context of a request with these credentials. */
    private record Credited(Map<String, String> headers, AgentCredentials credentials) implements AgentContext {

        @Override
        public String sessionId() {
            return "session";
        }

        @Override
        public String requestId() {
            return "request";
        }

        @Override
        public Optional<Caller> caller() {
            return Optional.empty();
        }

        @Override
        public Optional<String> header(String name) {
            return Optional.ofNullable(headers.get(name));
        }

        @Override
        public AgentTasks tasks() {
            return new TaskRegistry(Clock.systemUTC());
        }
    }

    /** Names what it is asked for. */
    private static final AgentCredentials NAMES = new AgentCredentials() {
        @Override
        public String apiKey(String provider) {
            return "the key of " + provider;
        }

        @Override
        public String accessToken(String provider, List<String> scopes, AccessFlow flow) {
            return "the token of " + provider + " for " + scopes + " by " + flow;
        }
    };

    @Test
    void credentialsComeBehindBodyAndContext() throws Throwable {
        AgentContext context = new Credited(Map.of(), NAMES);
        assertThat(call(new WithKey(), "{\"prompt\":\"Ada\"}".getBytes(StandardCharsets.UTF_8), context))
                .isEqualTo("Ada with the key of openai and the token of github for [repo, user] by M2M");
        assertThat(call(new KeyAlone(), new byte[0], context)).isEqualTo("with 'the key of openai'");
    }

    @Test
    void whileTheAgentIsWarmedUpNobodyIsAskedForCredentials() throws Throwable {
        AgentCredentials none = HostCredentials.of(name -> Optional.empty());
        assertThat(call(new KeyAlone(), new byte[0], new Credited(Map.of(WarmUp.ASKED, "true"), none))).isEqualTo("with ''");
        assertThatThrownBy(() -> call(new KeyAlone(), new byte[0], new Credited(Map.of(), none))).isInstanceOf(CredentialException.class);
    }

    @Test
    void bodyAndContextComeInThisOrder() throws Throwable {
        assertThat(call(new Both(), "{\"prompt\":\"Ada\"}")).isEqualTo("Ada@session");
    }

    @Test
    void bothParametersMayBeLeftOut() throws Throwable {
        assertThat(call(new Nothing(), "not read")).isEqualTo("called");
        assertThat(call(new ContextOnly(), "not read")).isEqualTo("session");
    }

    @Test
    void aStringIsTheBodysText() throws Throwable {
        assertThat(call(new Text(), "{\"not\": parsed ü")).isEqualTo("{\"not\": parsed ü");
    }

    @Test
    void bytesAndStreamsAreTheBodyAsItIs() throws Throwable {
        assertThat((byte[]) call(new Bytes(), "raw")).asString(StandardCharsets.UTF_8).isEqualTo("raw");
        assertThat((InputStream) call(new Raw(), "raw")).hasContent("raw");
    }

    @Test
    void typeArgumentsReachJsonB() throws Throwable {
        assertThat(call(new Generic(), "{\"all\":[{\"prompt\":\"a\"},{\"prompt\":\"b\"}]}")).isEqualTo("b");
    }

    @Test
    void theBridgeMethodOfAGenericInterfaceIsNoSecondEntrypoint() throws Throwable {
        assertThat(call(new Implementing(), "{\"prompt\":\"Ada\"}")).isEqualTo("Ada");
    }

    @Test
    void anExceptionComesOutAsItWasThrown() {
        assertThatThrownBy(() -> call(new Throwing(), "")).isInstanceOf(IOException.class).hasMessage("no paper");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[1]", "nonsense", "{\"prompt\":{\"a\":1}}"})
    void whatIsNotThisTypesJsonIsTheCallersFault(String body) {
        assertThatThrownBy(() -> call(new Both(), body)).isInstanceOf(BadRequestException.class).hasMessage("Invalid JSON");
    }

    @Test
    void brokenUtf8IsTheCallersFault() {
        byte[] broken = {'"', (byte) 0xff, '"'};
        for (Object agent : List.of(new Both(), new Text())) {
            assertThatThrownBy(() -> call(agent, broken))
                    .isInstanceOf(BadRequestException.class).hasMessage("Invalid encoding");
        }
    }

    @Test
    void noEntrypointIsToldWithWhatToDo() {
        assertThatThrownBy(() -> Entrypoint.among(List.of(Prompt.class)))
                .isInstanceOf(AgentDeploymentException.class)
                .hasMessageContaining("no method with @AgentEntrypoint").hasMessageContaining("POST /invocations");
    }

    @Test
    void severalEntrypointsAreAllNamed() {
        assertThatThrownBy(() -> Entrypoint.among(List.of(Both.class, Nothing.class)))
                .isInstanceOf(AgentDeploymentException.class)
                .hasMessageContaining("2 methods")
                .hasMessageContaining(Both.class.getName() + ".invoke(Prompt, AgentContext)")
                .hasMessageContaining(Nothing.class.getName() + ".invoke()");
    }

    @ParameterizedTest
    @ValueSource(classes = {Static.class, Hidden.class, Abstract.class, Reversed.class, TooMany.class, Servlety.class,
            Untyped.class, KeyFirst.class, KeyOfNoString.class, KeyAndToken.class})
    void aMethodOfAnotherShapeIsNamed(Class<?> agent) {
        assertThatThrownBy(() -> Entrypoint.among(List.of(agent)))
                .isInstanceOf(AgentDeploymentException.class)
                .hasMessageStartingWith(agent.getName() + ".invoke(")
                .hasMessageContaining("cannot be the agent's entrypoint: ");
    }

    @Test
    void onlyABodyWithADocumentTakesDocuments() {
        assertThat(Entrypoint.among(List.of(Archive.class)).takesDocuments()).isTrue();
        for (Class<?> agent : List.of(Both.class, Nothing.class, ContextOnly.class, Text.class, Raw.class, Generic.class)) {
            assertThat(Entrypoint.among(List.of(agent)).takesDocuments()).isFalse();
        }
    }

    private static Object call(Object agent, String body) throws Throwable {
        return call(agent, body.getBytes(StandardCharsets.UTF_8));
    }

    private static Object call(Object agent, byte[] body) throws Throwable {
        return call(agent, body, CONTEXT);
    }

    private static Object call(Object agent, byte[] body, AgentContext context) throws Throwable {
        Entrypoint entrypoint = Entrypoint.among(List.of(agent.getClass()));
        Object[] arguments = entrypoint.arguments(
                Body.of(emptyRequest(), Optional.of(body), Path.of("target")), JSON, context);
        return entrypoint.call(agent, arguments);
    }

    private static HttpServletRequest emptyRequest() {
        return (HttpServletRequest) Proxy.newProxyInstance(EntrypointTest.class.getClassLoader(),
                new Class<?>[] {HttpServletRequest.class}, (proxy, method, arguments) -> null);
    }

    public static class Late {
        @AgentEntrypoint(early = false)
        public String invoke() {
            return "late";
        }
    }

    @Test
    void theBeansOfAnEntrypointAreMadeEarlyUnlessItSaysOtherwise() {
        assertThat(Entrypoint.among(List.of(Nothing.class)).isEarly()).isTrue();
        assertThat(Entrypoint.among(List.of(Late.class)).isEarly()).isFalse();
    }
}
