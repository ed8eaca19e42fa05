package dev.agentruntime.identity;

import dev.agentruntime.store.Sql;
import dev.agentruntime.store.Transaction;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.StringReader;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** The credential providers of the API in one transaction. For one thread. */
record Providers(Transaction transaction) {

    private static final String ALL = "SELECT kind, name, vendor, settings, workloads, created_at, updated_at FROM identity_provider WHERE kind = ?";
    /** Beside what is told of a provider: where its secret is. */
    private static final String FILE = "secretFile";

    Optional<Provider> find(ProviderKind kind, String name) throws SQLException {
        return Sql.row(transaction, ALL + " AND name = ?", Providers::provider, kind, name);
    }

    /** Locked until the transaction's end. */
    Optional<Provider> locked(ProviderKind kind, String name) throws SQLException {
        return Sql.row(transaction, ALL + " AND name = ? FOR UPDATE", Providers::provider, kind, name);
    }

    List<Provider> all(ProviderKind kind) throws SQLException {
        return Sql.rows(transaction, ALL + " ORDER BY name", Providers::provider, kind);
    }

    int count() throws SQLException {
        return Sql.row(transaction, "SELECT COUNT(*) FROM identity_provider", row -> row.getInt(1)).orElse(0);
    }

    void insert(Provider provider) throws SQLException {
        Sql.change(transaction, "INSERT INTO identity_provider (kind, name, vendor, settings, workloads, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
                provider.kind(), provider.name(), provider.vendor(), settings(provider), Tables.array(provider.workloads()), provider.createdAt(), provider.updatedAt());
    }

    void update(Provider provider) throws SQLException {
        Sql.change(transaction, "UPDATE identity_provider SET vendor = ?, settings = ?, workloads = ?, updated_at = ? WHERE kind = ? AND name = ?",
                provider.vendor(), settings(provider), Tables.array(provider.workloads()), provider.updatedAt(), provider.kind(), provider.name());
    }

    /** With its secret, and what users have consented to there. */
    void delete(Provider provider) throws SQLException {
        new Secrets(transaction).delete(provider.kind().slot(provider.name()));
        if (provider.kind() == ProviderKind.OAUTH2) {
            new Secrets(transaction).deleteOfUsers(provider.name());
            new ConsentRows(transaction).deleteOfProvider(provider.name());
        }
        Sql.change(transaction, "DELETE FROM identity_provider WHERE kind = ? AND name = ?", provider.kind(), provider.name());
    }

    private static String settings(Provider provider) {
        return provider.secret() instanceof SecretPlace.InFile file ? Json.createObjectBuilder(provider.settings())
                .add(FILE, Json.createObjectBuilder().add("secretId", file.file()).add("jsonKey", file.key())).build().toString()
                : provider.settings().toString();
    }

    private static Provider provider(ResultSet row) throws SQLException {
        JsonObject all = object(row.getString("settings"));
        SecretPlace place = all.get(FILE) instanceof JsonObject file ? new SecretPlace.InFile(file.getString("secretId"), file.getString("jsonKey"))
                : new SecretPlace.InVault();
        return new Provider(ProviderKind.valueOf(row.getString("kind")), row.getString("name"), row.getString("vendor"),
                Json.createObjectBuilder(all).remove(FILE).build(), Tables.list(row.getString("workloads")), place, Provider.Home.API,
                Sql.time(row, "created_at"), Sql.time(row, "updated_at"));
    }

    private static JsonObject object(String text) {
        try (JsonReader reader = Json.createReader(new StringReader(text))) {
            return reader.readObject();
        }
    }
}
