package dev.agentruntime.agentctl;

import dev.agentruntime.client.AgentRuntimeClient;
import dev.agentruntime.client.Answer;
import dev.agentruntime.client.EventReader;
import dev.agentruntime.client.Invocation;
import dev.agentruntime.client.Payload;
import dev.agentruntime.client.ServerEvent;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonReader;
import jakarta.json.JsonValue;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "invoke", description = {"Ask an agent, in a new session or in one that is there, and print what it answers as it comes.",
    "Ctrl-C ends the agent's work on the request; its session stays."})
final class Invoke extends ServerAction {

    /** As the server has it. */
    private static final int MOST_BYTES = 100_000_000;
    private static final String CUT_OFF = "the agent's work is cut off.";

    @Parameters(index = "0", paramLabel = "NAME", description = "The agent.")
    private String name;

    @Parameters(index = "1", arity = "0..1", paramLabel = "BODY", description = "What it is asked, JSON unless --type says otherwise. Otherwise {}.")
    private Optional<String> body = Optional.empty();

    @Option(names = "--file", paramLabel = "FILE", description = "What it is asked is in this file; - reads it from the input.")
    private Optional<Path> file = Optional.empty();

    @Option(names = "--session", paramLabel = "SESSION", description = "Go on in this session, or begin it: 33 to 256 letters, digits, '-' and '_'.")
    private Optional<String> session = Optional.empty();

    @Option(names = "--endpoint", paramLabel = "NAME", description = "Begin the session on this endpoint. Otherwise DEFAULT.")
    private Optional<String> endpoint = Optional.empty();

    @Option(names = "--stream", description = "Ask for events, and print the data of each on a line of its own as it comes.")
    private boolean stream;

    @Option(names = "--raw", description = "Print the bytes as they come, with nothing added or left out.")
    private boolean raw;

    @Option(names = "--type", paramLabel = "TYPE", defaultValue = "application/json", description = "The body's media type. Default: ${DEFAULT-VALUE}.")
    private String type;

    @Option(names = "--header", paramLabel = "NAME=VALUE", description = "A header for the agent, such as X-Amzn-Bedrock-AgentCore-Runtime-Custom-…")
    private Map<String, String> header = new LinkedHashMap<>();

    @Option(names = "--timeout", paramLabel = "SECONDS", defaultValue = "900",
            description = "How long to wait for the answer's beginning, and for each further part. Default: ${DEFAULT-VALUE}.")
    private int timeout;

    Invoke(Surroundings surroundings) {
        super(surroundings);
    }

    @Override
    ExitCode run() throws IOException {
        if (timeout < 1) {
            throw usage("An answer takes more than " + timeout + " seconds.");
        }
        if (isInput()) {
            try (Spooled input = Spooled.of(surroundings().in(), MOST_BYTES)) {
                return ask(Payload.of(input.file()));
            }
        }
        return ask(payload());
    }

    private ExitCode ask(Payload payload) throws IOException {
        AgentRuntimeClient client = client();
        Invocation invocation = Invocation.of(runtime(client, name), payload).as(type).cancelledOnClose().within(Duration.ofSeconds(timeout));
        invocation = session.isPresent() ? invocation.in(session.get()) : invocation;
        invocation = endpoint.isPresent() ? invocation.at(endpoint.get()) : invocation;
        for (Map.Entry<String, String> one : header.entrySet()) {
            invocation = invocation.with(one.getKey(), one.getValue());
        }
        invocation = stream ? invocation.with("Accept", "text/event-stream") : invocation;
        try (Cancelling waiting = Cancelling.of(surroundings(), () -> { }, "Cancelled: the agent's work on this is cut off."); Answer answer = asked(client, invocation)) {
            waiting.close();
            try (Cancelling cancelling = Cancelling.of(surroundings(), answer::close, "Cancelled: the agent's work on this is cut off.")) {
                return show(answer);
            }
        }
    }

    private Answer asked(AgentRuntimeClient client, Invocation invocation) {
        try {
            return client.invoke(invocation);
        } catch (IllegalArgumentException e) {
            throw usage("What was to be sent as a header, by --header, --type or --session, cannot be one: " + Text.plain(e.getMessage()));
        }
    }

    private boolean isInput() {
        if (body.isPresent() && file.isPresent()) {
            throw usage("Give the body as BODY or by --file, not both.");
        }
        return file.isPresent() && file.get().toString().equals("-");
    }

    private Payload payload() throws IOException {
        if (file.isPresent()) {
            Path path = file(file.get());
            if (!Files.isRegularFile(path)) {
                throw new Problem(ExitCode.USAGE, "There is no file " + file.get() + ".");
            }
            return Payload.of(path);
        }
        String text = body.orElse("{}");
        if (type.equals("application/json")) {
            check(text);
        }
        return Payload.of(text.getBytes(StandardCharsets.UTF_8));
    }

    /** What is typed is easily mistyped, above all between quotes of a shell. */
    private void check(String text) {
        if (parsed(text).isEmpty()) {
            throw usage("The body is no JSON: " + text + "\nPut it in single quotes, as '{\"prompt\": \"Ada\"}', or say --type text/plain.");
        }
    }

    private static Optional<JsonValue> parsed(String text) {
        try (JsonReader reader = Json.createReader(new StringReader(text))) {
            return Optional.of(reader.readValue());
        } catch (RuntimeException e) {
            return Optional.empty();
        }
    }

    private ExitCode show(Answer answer) throws IOException {
        if (!answer.session().isEmpty()) {
            remark("Session " + answer.session() + (answer.sessionState().isEmpty() ? "" : " (" + answer.sessionState() + ")"));
        }
        if (raw) {
            answer.copyTo(whileSomebodyReads());
            return ExitCode.OK;
        }
        if (answer.isEvents()) {
            return events(answer);
        }
        if (json()) {
            whole(answer);
        } else {
            plain(answer);
            out().println();
        }
        return ExitCode.OK;
    }

    /** A terminal would obey what an agent says; a file or a program gets all of it. */
    private void plain(Answer answer) throws IOException {
        if (surroundings().outIsTerminal()) {
            answer.eachPart(part -> {
                out().print(Text.harmless(part));
                seeThatSomebodyReads(CUT_OFF);
            });
        } else {
            answer.copyTo(whileSomebodyReads());
        }
    }

    private OutputStream whileSomebodyReads() {
        return new FilterOutputStream(out()) {
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                out.write(bytes, offset, length);
            }

            @Override
            public void flush() {
                seeThatSomebodyReads(CUT_OFF);
            }
        };
    }

    private void whole(Answer answer) {
        String text = answer.text();
        JsonObjectBuilder told = Json.createObjectBuilder().add("session", answer.session()).add("sessionState", answer.sessionState())
                .add("status", answer.status()).add("contentType", answer.contentType());
        Optional<JsonValue> json = answer.contentType().toLowerCase(java.util.Locale.ROOT).startsWith("application/json") ? parsed(text) : Optional.empty();
        print((json.isPresent() ? told.add("body", json.get()) : told.add("body", text)).build());
    }

    private ExitCode events(Answer answer) {
        EventReader events = answer.events();
        for (Optional<ServerEvent> next = events.next(); next.isPresent(); next = events.next()) {
            ServerEvent event = next.get();
            if (json()) {
                print(json(event, answer));
            } else if (!event.event().equals("error")) {
                out().println(Text.lines(event.data()));
            }
            failure(event).ifPresent(sentence -> {
                throw new Problem(ExitCode.AGENT, sentence);
            });
            seeThatSomebodyReads(CUT_OFF);
        }
        return ExitCode.OK;
    }

    private static JsonObject json(ServerEvent event, Answer answer) {
        JsonObjectBuilder told = Json.createObjectBuilder().add("session", answer.session()).add("event", event.event()).add("id", event.id());
        Optional<JsonValue> data = parsed(event.data());
        return (data.isPresent() ? told.add("data", data.get()) : told.add("data", event.data())).build();
    }

    /** What a stream ends with that did not come to its end: the platform's event, or the Agent SDK's. */
    private static Optional<String> failure(ServerEvent event) {
        JsonValue data = event.event().equals("error") || event.data().contains("\"error_type\"") ? parsed(event.data()).orElse(JsonValue.NULL) : JsonValue.NULL;
        if (data instanceof JsonObject said && (event.event().equals("error") || said.containsKey("error") && said.containsKey("error_type"))) {
            return Optional.of(said.getString("message", "The agent failed") + (said.containsKey("error") ? ": " + said.getString("error", "") : ""));
        }
        return event.event().equals("error") ? Optional.of("The agent failed: " + event.data()) : Optional.empty();
    }
}
