package dev.agentruntime.agentctl;

import dev.agentruntime.client.AgentRuntimeClient;
import dev.agentruntime.client.Artifact;
import dev.agentruntime.client.EndpointInfo;
import dev.agentruntime.client.VersionInfo;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonReader;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "deploy", description = {"Make an agent of a WAR, or the next version of one that is there.",
    "What is not said of memory, times and variables stays as the version before has it. A version that is there already is not made again."})
final class Deploy extends ServerAction {

    @Parameters(paramLabel = "FILE.war", description = "The WAR.")
    private Path war;

    @Option(names = "--name", paramLabel = "NAME", description = "The agent's name. Otherwise the file's, with '_' for what a name cannot have.")
    private Optional<String> name = Optional.empty();

    @Mixin
    private WaitOptions waiting;

    @Option(names = "--endpoint", paramLabel = "NAME", description = "Have this endpoint lead to the version once it is ready; waits for it.")
    private Optional<String> endpoint = Optional.empty();

    @Option(names = "--env", paramLabel = "NAME[=VALUE]",
            description = "A variable for its sessions. Without a value, the one that it has here. May be repeated.")
    private List<String> variables = new ArrayList<>();

    @Option(names = "--env-file", paramLabel = "FILE", description = "Variables, one on each line as NAME=VALUE. May be repeated.")
    private List<Path> variableFiles = new ArrayList<>();

    @Option(names = "--settings", paramLabel = "FILE",
            description = "Members of the control API's CreateAgentRuntime, as 'agentctl import' writes them. Other options count before it.")
    private Optional<Path> settings = Optional.empty();

    @Option(names = "--description", paramLabel = "TEXT", description = "What it is for.")
    private Optional<String> description = Optional.empty();

    @Option(names = "--idle-timeout", paramLabel = "SECONDS", description = "How long a session may be idle.")
    private Optional<Integer> idle = Optional.empty();

    @Option(names = "--max-lifetime", paramLabel = "SECONDS", description = "How long a session may live.")
    private Optional<Integer> lifetime = Optional.empty();

    @Option(names = "--memory", paramLabel = "MIB", description = "Memory of a session's VM.")
    private Optional<Integer> memory = Optional.empty();

    Deploy(Surroundings surroundings) {
        super(surroundings);
    }

    @Override
    ExitCode run() {
        Path file = file(war);
        if (!Files.isRegularFile(file)) {
            throw new Problem(ExitCode.USAGE, "There is no file " + war + ". Build it first, with 'mvn package'.");
        }
        JsonObject given = settings.map(this::given).orElse(JsonValue.EMPTY_JSON_OBJECT);
        String agent = name.map(one -> Names.checked(one, "")).orElseGet(() -> given.containsKey("agentRuntimeName")
                ? Names.checked(given.getString("agentRuntimeName", ""), "Change agentRuntimeName of the settings, or say --name.")
                : Names.ofWar(file.getFileName().toString()));
        endpoint.ifPresent(EndpointChange::checked);
        Deployment wanted = new Deployment(given, Variables.of(surroundings(), variables, variableFiles), description, number(idle), number(lifetime), number(memory));
        AgentRuntimeClient client = client();
        Meter meter = new Meter(surroundings(), json());
        Waiting ready = waiting.waiting(client, surroundings(), meter);
        Optional<VersionInfo> before = client.control().named(agent);
        before.filter(VersionInfo::readOnly).ifPresent(fixed -> {
            throw new Problem(ExitCode.CONFLICT, agent + " is configured on the server, in server.xml or its drop-in folder, and is changed there."
                    + " Deploy under another --name.");
        });
        Artifact artifact = client.control().upload(agent + ".war", file, meter.bytes("Uploading", size(file)));
        meter.end();
        VersionInfo version = version(client, agent, before, artifact, wanted);
        Optional<EndpointInfo> led = Optional.empty();
        if (waiting.isWanted() || endpoint.isPresent()) {
            version = ready.version(version.id(), agent, version.number());
            VersionInfo made = version;
            ready.endpoint(made.id(), agent, EndpointChange.DEFAULT);
            led = endpoint.map(one -> EndpointChange.lead(client, made.id(), one, made.number()))
                    .map(one -> ready.endpoint(made.id(), agent, one.name()));
        }
        tell(agent, version, led);
        return ExitCode.OK;
    }

    private JsonObject given(Path file) {
        try (Reader text = Files.newBufferedReader(file(file)); JsonReader reader = Json.createReader(text)) {
            return Deployment.known(reader.readObject(), file);
        } catch (Problem unknown) {
            throw unknown;
        } catch (IOException | RuntimeException e) {
            // Parsers throw more than JsonException: at numbers that are too large, at values that are nested too deeply.
            throw new Problem(ExitCode.USAGE, "The settings in " + file + " cannot be read as a JSON object: " + e.getMessage(), e);
        }
    }

    private static OptionalInt number(Optional<Integer> value) {
        return value.isPresent() ? OptionalInt.of(value.get()) : OptionalInt.empty();
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new Problem(ExitCode.FAULT, "The file " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private VersionInfo version(AgentRuntimeClient client, String agent, Optional<VersionInfo> before, Artifact artifact, Deployment wanted) {
        if (before.isEmpty()) {
            return client.control().create(wanted.first(agent, artifact.uri()));
        }
        VersionInfo latest = client.control().version(before.get().id(), Optional.empty());
        JsonObject next = wanted.next(latest, artifact.uri());
        boolean same = latest.digest().equals(artifact.digest())
                && without(next).equals(without(Deployment.kept(latest).build())) && !latest.status().endsWith("_FAILED");
        if (same) {
            remark("Version " + latest.number() + " of " + agent + " has this WAR and these settings already.");
            return latest;
        }
        return client.control().update(latest.id(), next);
    }

    /** The same WAR may have been uploaded under two names. */
    private static JsonObject without(JsonObject settings) {
        return Json.createObjectBuilder(settings).remove("agentRuntimeArtifact").build();
    }

    private void tell(String agent, VersionInfo version, Optional<EndpointInfo> led) {
        if (json()) {
            JsonObjectBuilder told = Json.createObjectBuilder().add("name", agent).add("id", version.id()).add("arn", version.arn())
                    .add("version", version.number()).add("status", version.status()).add("digest", version.digest());
            led.ifPresent(one -> told.add("endpoint", one.name()));
            print(told.build());
            return;
        }
        out().println(agent + " version " + version.number() + " " + (version.status().equals("READY") ? "is ready" : "is being prepared")
                + led.map(one -> ", and endpoint " + one.name() + " leads to it").orElse(""));
        remark(version.status().equals("READY") ? "Try it: agentctl invoke " + agent + " '{\"prompt\": \"…\"}'" : "See how far it is: agentctl status " + agent);
    }
}
