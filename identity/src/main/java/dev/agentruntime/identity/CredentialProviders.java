package dev.agentruntime.identity;

import dev.agentruntime.identity.IdentityException.Kind;
import dev.agentruntime.requests.Page;
import dev.agentruntime.store.Sql;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Makes, changes, shows and deletes credential providers of one kind. Those of server.xml are shown and changed there. No answer has a
 * secret. Thread-safe; blocks on the database.
 */
final class CredentialProviders {

    static final int MOST = 1_000;

    private final ProviderKind kind;
    private final ProviderShape shape;
    private final IdentityStore store;
    private final Vault vault;
    private final ConfiguredProviders configured;
    private final Supplier<Arns> arns;
    private final Clock clock;

    CredentialProviders(ProviderKind kind, ProviderShape shape, IdentityStore store, Vault vault, ConfiguredProviders configured, Supplier<Arns> arns, Clock clock) {
        this.kind = kind;
        this.shape = shape;
        this.store = store;
        this.vault = vault;
        this.configured = configured;
        this.arns = arns;
        this.clock = clock;
    }

    JsonObject create(JsonObject input) {
        NoTags.check(input);
        String name = input.getString("name");
        ProviderShape.Said said = shape.said(input);
        Instant now = Sql.storable(clock.instant());
        Provider provider = new Provider(kind, name, said.vendor(), said.settings(), workloads(input), said.secret().place(), Provider.Home.API, now, now);
        refuseChange(name);
        return store.run(tables -> {
            Providers providers = new Providers(tables.transaction());
            if (providers.find(kind, name).isPresent()) {
                throw new IdentityException(Kind.CONFLICT, "There is a credential provider for " + kind.words() + " of the name " + name + " already. Update it, or choose another name.");
            }
            if (providers.count() >= MOST) {
                throw new IdentityException(Kind.QUOTA, "There are " + MOST + " credential providers, the most there may be. Delete one that is not needed.");
            }
            providers.insert(provider);
            keep(tables, provider, said.secret(), now);
            return view(provider).build();
        });
    }

    JsonObject get(JsonObject input) {
        return withTimes(named(input.getString("name")));
    }

    JsonObject update(JsonObject input) {
        String name = input.getString("name");
        refuseChange(name);
        ProviderShape.Said said = shape.said(input);
        Instant now = Sql.storable(clock.instant());
        return store.run(tables -> {
            Providers providers = new Providers(tables.transaction());
            Provider old = providers.locked(kind, name).orElseThrow(() -> none(name));
            List<String> workloads = input.containsKey("allowedWorkloads") ? workloads(input) : old.workloads();
            Provider provider = new Provider(kind, name, said.vendor(), said.settings(), workloads, said.secret().place(), Provider.Home.API, old.createdAt(), now);
            providers.update(provider);
            keep(tables, provider, said.secret(), now);
            return withTimes(provider);
        });
    }

    private void keep(Tables tables, Provider provider, GivenSecret given, Instant now) throws SQLException {
        Secrets secrets = new Secrets(tables.transaction());
        Slot slot = kind.slot(provider.name());
        if (given.place() instanceof SecretPlace.InVault) {
            secrets.put(slot, vault.seal(slot, given.text().getBytes(StandardCharsets.UTF_8)), now);
        } else {
            secrets.delete(slot);
        }
    }

    JsonObject delete(JsonObject input) {
        String name = input.getString("name");
        refuseChange(name);
        return store.run(tables -> {
            Providers providers = new Providers(tables.transaction());
            providers.delete(providers.locked(kind, name).orElseThrow(() -> none(name)));
            return JsonValue.EMPTY_JSON_OBJECT;
        });
    }

    JsonObject list(JsonObject input) {
        TreeMap<String, Provider> all = new TreeMap<>();
        store.run(tables -> new Providers(tables.transaction()).all(kind)).forEach(provider -> all.put(provider.name(), provider));
        configured.all(kind).forEach(provider -> all.put(provider.name(), provider));
        Page<String> page = Page.of(kind.inArn(), List.copyOf(all.keySet()), name -> name, input);
        return Views.list("credentialProviders", page.items().stream().map(all::get).map(this::summary).toList(), page.next());
    }

    /**
     * The provider of that name.
     *
     * @throws IdentityException there is none
     */
    Provider named(String name) {
        return configured.find(kind, name).or(() -> store.run(tables -> new Providers(tables.transaction()).find(kind, name))).orElseThrow(() -> none(name));
    }

    private void refuseChange(String name) {
        configured.find(kind, name).ifPresent(own -> {
            throw new IdentityException(Kind.CONFLICT, "The credential provider " + name + " comes from server.xml and is changed there, not by this API.");
        });
    }

    private IdentityException none(String name) {
        return new IdentityException(Kind.NOT_FOUND, "There is no credential provider for " + kind.words() + " of the name " + name + ".");
    }

    private static List<String> workloads(JsonObject input) {
        return Optional.ofNullable((JsonArray) input.get("allowedWorkloads")).map(names -> names.getValuesAs(JsonString.class).stream()
                .map(JsonString::getString).distinct().toList()).orElse(List.of());
    }

    private JsonObjectBuilder view(Provider provider) {
        JsonObjectBuilder view = head(provider);
        JsonObjectBuilder secret = Json.createObjectBuilder().add("secretArn", arns.get().secret(provider.kind(), provider.name()));
        view.add(shape.secretMember() + "Arn", secret);
        view.add(shape.secretMember() + "Source", provider.secret() instanceof SecretPlace.InVault ? "MANAGED" : "EXTERNAL");
        if (provider.secret() instanceof SecretPlace.InFile file) {
            view.add(shape.secretMember() + "JsonKey", file.key());
        }
        shape.describe(provider, view);
        if (!provider.workloads().isEmpty()) {
            view.add("allowedWorkloads", Json.createArrayBuilder(provider.workloads()));
        }
        if (provider.home() == Provider.Home.SERVER_XML) {
            view.add("readOnly", true);
        }
        return view;
    }

    private JsonObject withTimes(Provider provider) {
        return times(provider, view(provider)).build();
    }

    private JsonObject summary(Provider provider) {
        JsonObjectBuilder summary = head(provider);
        if (!provider.vendor().isEmpty()) {
            summary.add("credentialProviderVendor", provider.vendor());
        }
        return times(provider, summary).build();
    }

    private JsonObjectBuilder head(Provider provider) {
        return Json.createObjectBuilder().add("name", provider.name()).add("credentialProviderArn", arns.get().provider(kind, provider.name()));
    }

    private static JsonObjectBuilder times(Provider provider, JsonObjectBuilder view) {
        return view.add("createdTime", Views.time(provider.createdAt())).add("lastUpdatedTime", Views.time(provider.updatedAt()));
    }
}
