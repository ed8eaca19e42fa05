package dev.agentruntime.identity;

import dev.agentruntime.api.Caller;
import dev.agentruntime.api.RoomOperations.Request;
import dev.agentruntime.api.Subject;
import dev.agentruntime.identity.IdentityException.Kind;
import dev.agentruntime.identity.Secrets.GrantRow;
import dev.agentruntime.net.Texts;
import dev.agentruntime.requests.InputException;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.List;
import java.util.Optional;
import java.util.logging.Logger;
import java.util.regex.Pattern;

/** Shows users what they have consented to and takes it back; administrators that of all. Thread-safe; blocks on the database. */
final class GrantList {

    private static final Logger LOG = Logger.getLogger(GrantList.class.getName());
    private static final int MOST = 100;
    private static final Pattern ID = Pattern.compile("[0-9a-f]{64}");

    private final IdentityStore store;

    GrantList(IdentityStore store) {
        this.store = store;
    }

    JsonObject list(Request request, JsonObject input) {
        int most = input.getInt("maxResults", MOST);
        String after = input.getString("nextToken", "");
        if (!after.isEmpty() && !ID.matcher(after).matches()) {
            throw InputException.invalid("nextToken", "must be one that this list has returned");
        }
        Optional<String> owner = owner(request.caller(), input);
        List<GrantRow> rows = store.run(tables -> new Secrets(tables.transaction()).grants(owner, text(input, "workloadName"),
                text(input, "resourceCredentialProviderName"), after, most + 1));
        List<GrantRow> page = rows.subList(0, Math.min(most, rows.size()));
        return Views.list("grants", page.stream().map(GrantList::view).toList(),
                rows.size() > most ? Optional.of(page.get(page.size() - 1).id()) : Optional.empty());
    }

    JsonObject delete(Request request, JsonObject input) {
        String id = input.getString("grantId");
        Caller caller = request.caller();
        Optional<GrantRow> gone = store.run(tables -> new Secrets(tables.transaction()).deleteGrant(id,
                caller.admin() ? Optional.empty() : Optional.of(owner(caller.subject()))));
        GrantRow row = gone.orElseThrow(() -> new IdentityException(Kind.NOT_FOUND, "There is no grant " + Texts.shown(id) + "."));
        IdentityMessage.TAKEN_BACK.log(LOG, Texts.shown(row.subject()), Texts.shown(row.issuer()), row.provider(), Texts.shown(row.workload()),
                Texts.shown(caller.subject().name()));
        return JsonValue.EMPTY_JSON_OBJECT;
    }

    /** Whose grants are shown; empty for those of all. */
    private static Optional<String> owner(Caller caller, JsonObject input) {
        if (!caller.admin()) {
            return Optional.of(owner(caller.subject()));
        }
        return text(input, "subject").map(subject -> owner(new Subject(text(input, "issuer").orElse(Acting.NAMED), subject)));
    }

    private static String owner(Subject subject) {
        return new Slot(Slot.Kind.GRANT, "", subject.issuer(), subject.name(), "", List.of()).owner();
    }

    private static Optional<String> text(JsonObject input, String member) {
        return Optional.ofNullable(input.getString(member, null));
    }

    private static JsonObject view(GrantRow row) {
        return Json.createObjectBuilder().add("grantId", row.id()).add("workloadName", row.workload()).add("issuer", row.issuer()).add("subject", row.subject())
                .add("resourceCredentialProviderName", row.provider()).add("scopes", Json.createArrayBuilder(Asked.scopes(row.place())))
                .add("createdAt", Views.time(row.createdAt())).add("updatedAt", Views.time(row.updatedAt())).build();
    }
}
