package dev.agentruntime.agentctl;

import dev.agentruntime.client.AgentRuntimeClient;
import dev.agentruntime.client.AgentRuntimeException;
import dev.agentruntime.client.RefusedException;
import dev.agentruntime.client.RuntimeInfo;
import jakarta.json.Json;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.StringReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "doctor", description = {"Look for what is in the way: on this machine where it is the server's host, on the server, and in your login. Each finding has"
    + " its remedy.", "Ends with 14 where something is wrong."})
final class Doctor extends ServerAction {

    private static final Duration CLOCK = Duration.ofSeconds(30);

    @Option(names = "--host", negatable = true, description = "Look at this machine, or do not. Otherwise where the server is on it.")
    private Optional<Boolean> host = Optional.empty();

    @Option(names = "--storage", paramLabel = "FOLDER", description = "Where the server keeps templates, 'stateDirectory' of <agentRuntime>."
            + " Otherwise /var/lib/agent-runtime, or agent-runtime in your folder of states.")
    private Optional<Path> storage = Optional.empty();

    @Option(names = "--root", hidden = true, paramLabel = "FOLDER", defaultValue = "/", description = "Of the file system, for tests.")
    private Path root;

    Doctor(Surroundings surroundings) {
        super(surroundings);
    }

    @Override
    ExitCode run() {
        List<Finding> found = new ArrayList<>();
        Server server = server();
        if (host.orElseGet(() -> isHere(server))) {
            found.addAll(new Host(root, folder(), surroundings()).look());
            image().ifPresent(found::add);
        }
        found.addAll(login(server));
        found.addAll(ofServer(server));
        Findings findings = new Findings(found);
        findings.print(surroundings(), json());
        return findings.isAnyWrong() ? ExitCode.FINDINGS : ExitCode.OK;
    }

    private static boolean isHere(Server server) {
        String name = String.valueOf(server.address().getHost());
        return name.equals("localhost") || name.startsWith("127.") || name.equals("[::1]");
    }

    private Path folder() {
        return storage.map(this::file).orElseGet(() -> {
            Path ofRoot = Path.of("/var/lib/agent-runtime");
            return Files.isDirectory(ofRoot) ? ofRoot : surroundings().variable("XDG_STATE_HOME").map(Path::of)
                    .orElse(surroundings().home().resolve(".local/state")).resolve("agent-runtime");
        });
    }

    private static Optional<Finding> image() {
        return Installed.image().map(image -> {
            List<String> missing = Stream.of("vmlinuz", "initrd", "features.index", "features.zip", "rehearsal.war").filter(name -> !Files.isReadable(image.resolve(name))).toList();
            return missing.isEmpty() ? Finding.ok("image", "complete in " + image)
                    : Finding.wrong("image", image + " lacks " + String.join(", ", missing), "Install the feature again with featureUtility.");
        });
    }

    private List<Finding> login(Server server) {
        Optional<String> token = surroundings().variable("AGENTCTL_TOKEN");
        String from = token.isPresent() ? "AGENTCTL_TOKEN" : "the login";
        Optional<StoredLogin> login = token.isPresent() ? Optional.empty() : server.login();
        if (token.isEmpty() && login.isEmpty()) {
            return List.of(Finding.wrong("login", "there is none for " + server.address(), "Log in with 'agentctl login', or set AGENTCTL_TOKEN."));
        }
        if (login.isPresent() && login.get() instanceof StoredLogin.AccessKey key) {
            return List.of(Finding.ok("login", "access key " + key.id() + ", region " + key.region()));
        }
        String text = token.orElseGet(() -> login.get() instanceof StoredLogin.Token plain ? plain.token() : ((StoredLogin.Provider) login.get()).token());
        return List.of(expiry(from, text, login.filter(StoredLogin.Provider.class::isInstance).isPresent()));
    }

    private Finding expiry(String from, String token, boolean renewed) {
        Optional<JsonObject> claims = claims(token);
        if (claims.isEmpty()) {
            return Finding.remark("login", "the token of " + from + " is no JWT that can be read here", "The server says below whether it takes it.");
        }
        String who = claims.get().getString("sub", "nobody named") + ", of " + claims.get().getString("iss", "no issuer");
        if (claims.get().get("exp") instanceof JsonNumber exp) {
            // No token is good for longer than a few years, whatever number it has.
            BigDecimal end = exp.bigDecimalValue().max(BigDecimal.ZERO).min(BigDecimal.valueOf(Instant.parse("9999-12-31T00:00:00Z").getEpochSecond()));
            Duration left = Duration.between(surroundings().clock().instant(), Instant.ofEpochSecond(end.longValue()));
            if (left.isNegative() && !renewed) {
                return Finding.wrong("login", "the token of " + from + " (" + who + ") expired " + Text.time(left.negated()) + " ago", "Log in again, or have a new one made.");
            }
            return Finding.ok("login", who + (left.isNegative() ? "; renewed at its next use" : "; the token is good for " + Text.time(left)));
        }
        return Finding.ok("login", who);
    }

    /** As the token says; the server alone knows whether that is so. */
    private static Optional<JsonObject> claims(String token) {
        String[] parts = token.split("\\.");
        if (parts.length != 3) {
            return Optional.empty();
        }
        try (JsonReader reader = Json.createReader(new StringReader(new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8)))) {
            return Optional.of(reader.readObject());
        } catch (RuntimeException e) {
            return Optional.empty();
        }
    }

    private List<Finding> ofServer(Server server) {
        List<Finding> found = new ArrayList<>();
        AgentRuntimeClient client = server.client();
        List<RuntimeInfo> agents;
        try {
            client.clock().ifPresent(time -> found.add(clock(time)));
            agents = client.runtimes();
        } catch (RefusedException refused) {
            found.add(Finding.wrong("server", "answers, and refuses: " + refused.getMessage(),
                    refused.kind() == RefusedException.Kind.CREDENTIALS ? "Log in with what it trusts: 'agentctl login'." : "Its log has more, messages.log of the server."));
            return found;
        } catch (AgentRuntimeException unreachable) {
            found.add(Finding.wrong("server", unreachable.getMessage(), "Start it: wlp/bin/server start NAME; and see that its address is the one named here."));
            return found;
        }
        found.add(Finding.ok("server", server.address() + " answers, and takes the login"));
        agents.forEach(agent -> found.add(agent(agent)));
        found.add(administrator(client));
        return found;
    }

    private Finding clock(Instant theirs) {
        Duration apart = Duration.between(theirs, surroundings().clock().instant()).abs();
        return apart.compareTo(CLOCK) <= 0 ? Finding.ok("clock", "is the server's, to within " + Math.max(1, apart.toSeconds()) + " s")
                : Finding.wrong("clock", "is " + Text.time(apart) + " apart from the server's", "Set both by NTP: tokens and signatures have times in them.");
    }

    private static Finding agent(RuntimeInfo agent) {
        return switch (agent.status()) {
            case "READY" -> Finding.ok("agent " + agent.name(), "is ready");
            case "CREATE_FAILED" -> Finding.wrong("agent " + agent.name(), "does not start: " + agent.statusReason(), "'agentctl status " + agent.name() + "' shows its log to administrators.");
            default -> Finding.remark("agent " + agent.name(), "is being prepared" + (agent.statusReason().isEmpty() ? "" : ": " + agent.statusReason()),
                    "Wait; the first template of a host takes minutes without KVM.");
        };
    }

    private static Finding administrator(AgentRuntimeClient client) {
        try {
            client.control().runtimes();
            return Finding.ok("rights", "you may deploy");
        } catch (RefusedException refused) {
            return refused.kind() == RefusedException.Kind.CREDENTIALS
                    ? Finding.remark("rights", "you may invoke, and not deploy: " + refused.getMessage(), "Deploying takes the role agent-admin, or an access key with admin=\"true\".")
                    : Finding.wrong("rights", "cannot be found out: " + refused.getMessage(), "The server's log has more, messages.log.");
        } catch (AgentRuntimeException gone) {
            return Finding.wrong("rights", "cannot be found out: " + gone.getMessage(), "Ask again, and look into the server's log, messages.log.");
        }
    }
}
