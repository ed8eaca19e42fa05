package dev.agentruntime.control;

import dev.agentruntime.api.JwtAuthorizer;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.RuntimeAuthorizers;
import dev.agentruntime.spi.AgentOffers;
import dev.agentruntime.spi.OfferedAgent;
import jakarta.json.JsonObject;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The versions that are to be prepared and that endpoints lead to, and whom these let in, as the database last had it. Thread-safe. */
final class Offers implements AgentOffers, RuntimeAuthorizers {

    private static final Logger LOG = Logger.getLogger(Offers.class.getName());

    /**
     * @param mark      of the tables when this was read
     * @param names     ids, by the names of their runtimes
     * @param endpoints by runtime, then by name
     * @param authorizers of versions that have one, by the names of the agents that these are
     */
    private record Known(Tables.Mark mark, List<OfferedAgent> agents, Map<String, String> names,
            Map<String, Map<String, EndpointRow>> endpoints, Map<String, JwtAuthorizer> authorizers) {}

    private static final Pattern ID = Pattern.compile("[a-zA-Z][a-zA-Z0-9_]{0,99}-[a-zA-Z0-9]{10}");

    private final ControlStore store;
    private final Artifacts artifacts;
    private final ReadOnlyRuntimes readOnly;
    private final Supplier<ControlSettings> settings;
    private volatile Optional<Known> known = Optional.empty();

    Offers(ControlStore store, Artifacts artifacts, ReadOnlyRuntimes readOnly, Supplier<ControlSettings> settings) {
        this.store = store;
        this.artifacts = artifacts;
        this.readOnly = readOnly;
        this.settings = settings;
    }

    /** Reads them anew where another has changed them, or where they could not be read before. Blocks on the database. */
    void refreshWhereChanged() {
        Tables.Mark now = store.run(Tables::mark);
        if (known.filter(one -> one.mark().equals(now)).isEmpty()) {
            refresh();
        }
    }

    /** Reads them anew; what fails is tried again and told at the next tick, and is no fault of what was changed before. */
    void refreshOrLater() {
        try {
            refresh();
        } catch (RuntimeException later) {
            LOG.log(Level.FINE, later, () -> "Tried again at the next tick.");
        }
    }

    private synchronized void refresh() {
        known = Optional.of(store.run(this::read));
    }

    /** The mark comes first: what is changed while the rest is read is read once more at the next tick. */
    private Known read(Tables tables) throws SQLException {
        Tables.Mark mark = tables.mark();
        Map<String, String> names = new HashMap<>();
        Map<String, Map<String, EndpointRow>> endpoints = new HashMap<>();
        tables.runtimes().stream().filter(runtime -> runtime.status() != Status.DELETING).forEach(runtime -> {
            names.put(runtime.name(), runtime.id());
            endpoints.put(runtime.id(), new HashMap<>());
        });
        tables.endpoints().stream().filter(row -> endpoints.containsKey(row.runtime()))
                .forEach(row -> endpoints.get(row.runtime()).put(row.name(), row));
        List<VersionRow> versions = tables.neededVersions();
        Map<String, JwtAuthorizer> authorizers = new HashMap<>();
        Stream.concat(versions.stream(), tables.failedVersions().stream()).forEach(version -> Authorizers.of(version.settings())
                .ifPresent(authorizer -> authorizers.put(AgentName.of(version.runtime(), version.number()), authorizer)));
        return new Known(mark, versions.stream().map(this::agent).toList(), names, endpoints, authorizers);
    }

    private OfferedAgent agent(VersionRow version) {
        ServedAs served = ServedAs.of(version.settings(), settings.get().memoryBytes());
        return new OfferedAgent(AgentName.of(version.runtime(), version.number()), artifacts.file(version.digest()),
                served.memoryBytes(), served.paths(), served.passesToken(), served.headers(), served.idleTimeout(), served.maxLifetime(),
                environment(version));
    }

    private static Map<String, String> environment(VersionRow version) {
        return version.settings().get("environmentVariables") instanceof JsonObject variables ? Runtimes.texts(variables) : Map.of();
    }

    @Override
    public Optional<List<OfferedAgent>> offered() {
        return known.map(Known::agents);
    }

    @Override
    public Optional<Set<String>> runtimes() {
        return known.map(all -> all.endpoints().keySet());
    }

    @Override
    public Optional<String> serving(String runtime, String qualifier) {
        Optional<Map<String, EndpointRow>> endpoints = known.flatMap(all -> Optional.ofNullable(all.endpoints().get(runtime)));
        return endpoints.map(all -> AgentName.of(runtime, version(runtime, qualifier.isEmpty() ? EndpointRow.DEFAULT : qualifier, all)));
    }

    private static int version(String runtime, String name, Map<String, EndpointRow> endpoints) {
        EndpointRow endpoint = Optional.ofNullable(endpoints.get(name)).orElseThrow(() -> new RequestException(
                RequestException.Kind.NOT_FOUND, "Agent runtime " + runtime + " has no endpoint " + name + "."));
        if (endpoint.live().isEmpty() && endpoint.status() == Status.CREATE_FAILED) {
            throw new RequestException(RequestException.Kind.AGENT, "Nothing serves under the endpoint " + name + " of agent runtime "
                    + runtime + ", since version " + endpoint.target() + " could not be prepared: " + endpoint.failureWithoutLog());
        }
        return endpoint.live().orElse(endpoint.target());
    }

    @Override
    public Optional<String> meant(String given) {
        Optional<Known> now = known;
        if (now.filter(all -> all.endpoints().containsKey(given)).isPresent()) {
            return Optional.empty();
        }
        return now.flatMap(all -> Optional.ofNullable(all.names().get(given))).or(() -> readOnly.name(given));
    }

    @Override
    public Says of(String runtime, String qualifier) {
        if (known.isEmpty()) {
            return ID.matcher(runtime).matches() ? new Says.NotYet() : new Says.Nothing();
        }
        Known now = known.get();
        Map<String, EndpointRow> endpoints = now.endpoints().getOrDefault(runtime, Map.of());
        return Optional.ofNullable(endpoints.get(qualifier)).or(() -> Optional.ofNullable(endpoints.get(EndpointRow.DEFAULT)))
                .flatMap(endpoint -> Optional.ofNullable(now.authorizers().get(AgentName.of(runtime, endpoint.live().orElse(endpoint.target())))))
                .<Says>map(Says.Tokens::new).orElseGet(Says.Nothing::new);
    }
}
