package dev.agentruntime.client;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import javax.net.ssl.SSLContext;

/**
 * Invokes agents, and looks at their runtimes, sessions and logs. Thread-safe; each call blocks until its answer begins, or is there
 * as a whole where it is not a stream. All throw {@link AgentRuntimeException}.
 */
public final class AgentRuntimeClient {

    /** Names a session, in requests and answers. */
    public static final String SESSION = "X-Amzn-Bedrock-AgentCore-Runtime-Session-Id";
    /** Tells of an answer's session whether it began for it. */
    static final String SESSION_STATE = "X-Agent-Runtime-Session";
    /** For a VM that has to be started, and for one that has to be proven gone. */
    private static final Duration VM = Duration.ofMinutes(3);
    /** Comments come every 15 s. */
    private static final Duration QUIET_LOG = Duration.ofSeconds(60);

    private final Transport transport;

    private AgentRuntimeClient(Transport transport) {
        this.transport = transport;
    }

    /** @param endpoint with {@code /agents} at its end, or whatever the server's root is */
    public static Builder at(URI endpoint) {
        return new Builder(endpoint);
    }

    /**
     * What a person calls a server by: {@code https} and {@code /agents} are added where neither a scheme nor a path is said, and no slash is at its end.
     *
     * @throws IllegalArgumentException it is no URL
     */
    public static URI address(String named) {
        String whole = (named.contains("://") ? named : "https://" + named).replaceAll("/+$", "");
        URI uri = URI.create(whole);
        return uri.getRawPath() == null || uri.getRawPath().isEmpty() ? URI.create(whole + "/agents") : uri;
    }

    /** What a client is made of. */
    public static final class Builder {
        private final URI endpoint;
        private Credentials credentials = Credentials.none();
        private Duration connect = Duration.ofSeconds(10);
        private Optional<SSLContext> trust = Optional.empty();
        private String userAgent = "agent-client";

        private Builder(URI endpoint) {
            this.endpoint = endpoint;
        }

        public Builder credentials(Credentials given) {
            credentials = given;
            return this;
        }

        /** How long a connection may take; 10 s unless it is said. */
        public Builder connectWithin(Duration given) {
            connect = given;
            return this;
        }

        /** Which servers are trusted; unless it is said, those that the JDK trusts. */
        public Builder trust(SSLContext given) {
            trust = Optional.of(given);
            return this;
        }

        public Builder userAgent(String given) {
            userAgent = given;
            return this;
        }

        /** @throws IllegalArgumentException the endpoint is no {@code http} or {@code https} URL of a server */
        public AgentRuntimeClient build() {
            String scheme = String.valueOf(endpoint.getScheme());
            if (!scheme.equals("http") && !scheme.equals("https") || endpoint.getHost() == null || endpoint.getRawQuery() != null
                    || endpoint.getRawFragment() != null || endpoint.getRawUserInfo() != null) {
                throw new IllegalArgumentException("A server's address is as https://HOST:PORT/agents, and not " + endpoint);
            }
            HttpClient.Builder http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(connect)
                    .followRedirects(HttpClient.Redirect.NEVER);
            trust.ifPresent(http::sslContext);
            String plain = endpoint.toString().replaceAll("/+$", "");
            return new AgentRuntimeClient(new Transport(http.build(), URI.create(plain), credentials, userAgent));
        }
    }

    public URI endpoint() {
        return transport.endpoint();
    }

    /** For those who make agent runtimes. */
    public ControlClient control() {
        return new ControlClient(transport);
    }

    /** For identities, credential providers and what users have consented to. */
    public IdentityClient identities() {
        return new IdentityClient(transport);
    }

    /** For memories and what is in them. */
    public MemoryClient memories() {
        return new MemoryClient(transport);
    }

    /** The server's clock, to the second, as any answer of it tells; empty where it does not say. */
    public Optional<Instant> clock() {
        return transport.date();
    }

    /** What the server says that it does, in the form of OpenAPI. */
    public JsonObject openApi() {
        return transport.json(Call.of("GET", "/openapi"));
    }

    public List<RuntimeInfo> runtimes() {
        return list(transport.json(Call.of("GET", "/runtimes")), "runtimes", RuntimeInfo::new);
    }

    /** @param runtime its name, id or ARN, here and below */
    public RuntimeInfo runtime(String runtime) {
        return new RuntimeInfo(transport.json(Call.of("GET", "/runtimes/{}", runtime)));
    }

    /**
     * Asks an agent. The answer is to be closed.
     *
     * @throws IllegalArgumentException a header of the invocation has a name or a value that HTTP does not allow, or is the client's own to set
     */
    public Answer invoke(Invocation invocation) {
        Call call = Call.of("POST", "/runtimes/{}/invocations", invocation.runtime())
                .with(invocation.body(), invocation.contentType()).within(invocation.within())
                .with("qualifier", invocation.qualifier().orElse(""));
        for (Map.Entry<String, String> header : invocation.header().entrySet()) {
            call = call.withHeader(header.getKey(), header.getValue());
        }
        if (invocation.session().isPresent()) {
            call = call.withHeader(SESSION, invocation.session().get());
        }
        if (invocation.cancel()) {
            call = call.withHeader("X-Agent-Runtime-Cancel-On-Disconnect", "true");
        }
        return new Answer(transport.open(call, invocation.within()));
    }

    /** Those that the caller may see: live ones, and those that ended within a day; newest first. */
    public List<SessionInfo> sessions(String runtime) {
        return list(transport.json(Call.of("GET", "/runtimes/{}/sessions", runtime)), "sessions", SessionInfo::new);
    }

    /** With its usage as it is at this moment. */
    public SessionInfo session(String runtime, String session) {
        return new SessionInfo(transport.json(Call.of("GET", "/runtimes/{}/sessions/{}", runtime, session)));
    }

    /** Ends a session; returns when its VM is proven gone. Ending an ended one changes nothing. */
    public SessionInfo stop(String runtime, String session) {
        return new SessionInfo(transport.json(Call.of("DELETE", "/runtimes/{}/sessions/{}", runtime, session).within(VM)));
    }

    /** Changes how long this one may be idle, for the rest of its life. */
    public SessionInfo idleFor(String runtime, String session, Duration time) {
        JsonObject body = Json.createObjectBuilder().add("idleRuntimeSessionTimeout", time.toSeconds()).build();
        return new SessionInfo(transport.json(Call.of("PATCH", "/runtimes/{}/sessions/{}", runtime, session)
                .with(Payload.of(body), "application/json")));
    }

    /**
     * Begins sessions with the memory that this one has now. Returns while their VMs are being started; a request to one waits for its own.
     *
     * @param count how many, 1 to 64
     */
    public List<SessionInfo> fork(String runtime, String session, int count) {
        return list(transport.json(Call.of("POST", "/runtimes/{}/sessions/{}/fork", runtime, session).with("count", Integer.toString(count)).within(VM)),
                "sessions", SessionInfo::new);
    }

    /** Puts a session that rests on the disk; returns when its VM is gone. For one that is there already nothing changes. */
    public SessionInfo hibernate(String runtime, String session) {
        return new SessionInfo(transport.json(Call.of("POST", "/runtimes/{}/sessions/{}/hibernate", runtime, session).within(VM)));
    }

    /** What went out of its guest, as the server says it. */
    public JsonObject connections(String runtime, String session) {
        return transport.json(Call.of("GET", "/runtimes/{}/sessions/{}/connections", runtime, session));
    }

    /** @param lines how many of the latest ones, 0 to 10,000 */
    public List<LogLine> log(String runtime, String session, int lines) {
        return list(transport.json(log(runtime, session).with("lines", Integer.toString(lines))), "lines", LogLine::new);
    }

    /**
     * First the latest lines, then each as it is written, until the session ends. To be closed.
     *
     * @param after the number of the last line that is known, from which on it goes on; empty begins with {@code lines}
     */
    public LogReader follow(String runtime, String session, int lines, Optional<Long> after) {
        Call call = log(runtime, session).with("follow", "true").with("lines", Integer.toString(lines)).withHeader("Accept", "text/event-stream");
        return new LogReader(new EventReader(transport.open(
                after.map(number -> call.withHeader("Last-Event-ID", Long.toString(number))).orElse(call), QUIET_LOG).body()));
    }

    /**
     * What was used, added up, as the server says it.
     *
     * @param by     some of {@code session}, {@code agent}, {@code subject} and {@code day} with commas between them, or {@code none}
     * @param filter of the parameters of {@code GET /usage}: {@code agent}, {@code subject}, {@code issuer}, {@code from}, {@code to}
     */
    public JsonObject usage(String by, Map<String, String> filter) {
        return transport.json(usageCall(by, filter));
    }

    /** The same as comma-separated values. */
    public String usageCsv(String by, Map<String, String> filter) {
        return transport.text(usageCall(by, filter).with("format", "csv").withHeader("Accept", "text/csv"));
    }

    private static Call usageCall(String by, Map<String, String> filter) {
        Call call = Call.of("GET", "/usage").with("by", by);
        for (Map.Entry<String, String> parameter : filter.entrySet()) {
            call = call.with(parameter.getKey(), parameter.getValue());
        }
        return call;
    }

    private static Call log(String runtime, String session) {
        return Call.of("GET", "/runtimes/{}/sessions/{}/logs", runtime, session);
    }

    /**
     * Runs a command in a session's VM by {@code /bin/sh -c}. To be closed.
     *
     * @param session empty begins one
     * @param time    after which the server kills it, 1 s to 1 h
     */
    public CommandRun run(String runtime, Optional<String> session, String command, Duration time) {
        JsonObject body = Json.createObjectBuilder().add("command", command).add("timeout", time.toSeconds()).build();
        Call call = Call.of("POST", "/runtimes/{}/commands", runtime).with(Payload.of(body), "application/json").within(VM)
                .withHeader("Accept", "application/vnd.amazon.eventstream");
        return new CommandRun(transport.open(session.map(id -> call.withHeader(SESSION, id)).orElse(call), time.plusSeconds(60)));
    }

    /**
     * Opens a shell in a session's VM, or goes on with one that is there. To be closed.
     *
     * @param session that it is in
     * @param shellId empty is a new one
     */
    public Shell shell(String runtime, String session, Optional<String> shellId, ShellListener listener) {
        return shell(runtime, session, shellId, listener, Duration.ofSeconds(5));
    }

    /** @param beat how often it is looked whether the server is still there */
    Shell shell(String runtime, String session, Optional<String> shellId, ShellListener listener, Duration beat) {
        return Sockets.shell(transport, Call.of("GET", "/runtimes/{}/ws/shells", runtime).with("shellId", shellId.orElse(""))
                .withHeader(SESSION, session).within(VM), listener, beat);
    }

    static <T> List<T> list(JsonObject answer, String name, Function<JsonObject, T> view) {
        if (!(answer.get(name) instanceof JsonArray array)) {
            throw new UnexpectedAnswerException("The server's answer has no list '" + name + "'. Does the address end in /agents?");
        }
        List<T> list = new ArrayList<>();
        for (JsonValue item : array) {
            if (!(item instanceof JsonObject object)) {
                throw new UnexpectedAnswerException("The server's list '" + name + "' has something that is no JSON object");
            }
            list.add(view.apply(object));
        }
        return list;
    }
}
