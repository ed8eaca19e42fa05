package dev.agentruntime.control;

import dev.agentruntime.api.AgentRuntimeView;
import dev.agentruntime.control.ControlException.Kind;
import dev.agentruntime.store.Sql;
import java.math.BigInteger;
import java.time.Clock;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** The agent runtimes of server.xml and of the drop-in folder, under ids that follow from their names. Thread-safe. */
final class ReadOnlyRuntimes {

    private static final int SUFFIX = 10;
    private static final Pattern ID = Pattern.compile("[a-zA-Z][a-zA-Z0-9_]{0,99}-[a-z0-9]{" + SUFFIX + "}");

    private final Hosting hosting;
    private final Clock clock;
    private final Map<String, Instant> seen = new ConcurrentHashMap<>();
    /** By id. A name that is no more does no harm: nothing serves under it. */
    private final Map<String, String> names = new ConcurrentHashMap<>();

    ReadOnlyRuntimes(Hosting hosting, Clock clock) {
        this.hosting = hosting;
        this.clock = clock;
    }

    /** By id. */
    Map<String, AgentRuntimeView> all() {
        Map<String, AgentRuntimeView> all = new TreeMap<>();
        hosting.others().forEach(view -> all.put(id(view.name()), view));
        all.forEach((id, view) -> names.put(id, view.name()));
        return all;
    }

    Optional<AgentRuntimeView> find(String id) {
        return Optional.ofNullable(all().get(id));
    }

    /** The name of the one that is shown under {@code id}. Does not block. */
    Optional<String> name(String id) {
        if (!ID.matcher(id).matches()) {
            return Optional.empty();
        }
        return Optional.ofNullable(names.get(id)).or(() -> find(id).map(AgentRuntimeView::name));
    }

    /** When it was first seen by this run, which is all that is known. */
    Instant since(String id) {
        return seen.computeIfAbsent(id, unknown -> Sql.storable(clock.instant()));
    }

    /** @throws ControlException there is one of this id, and it is changed elsewhere */
    void refuseChange(String id) {
        find(id).ifPresent(view -> {
            throw new ControlException(Kind.CONFLICT, "The agent runtime " + view.name() + " comes from server.xml or the drop-in"
                    + " folder and is changed there, not by this API.");
        });
    }

    /** The name as far as ids may hold it, and ten letters or digits that follow from it. */
    static String id(String name) {
        String text = new BigInteger(1, Sha256.of(name)).toString(Character.MAX_RADIX).toLowerCase(Locale.ROOT);
        return name.replace('-', '_') + "-" + text.substring(0, SUFFIX);
    }
}
