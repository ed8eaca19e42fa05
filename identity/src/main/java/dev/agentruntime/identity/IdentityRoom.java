package dev.agentruntime.identity;

import dev.agentruntime.api.RoomOperations;
import dev.agentruntime.requests.Shapes;
import dev.agentruntime.store.Database;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Puts the room together. Its owner calls {@link #tick()} once a second. Thread-safe. */
final class IdentityRoom {

    private static final Logger LOG = Logger.getLogger(IdentityRoom.class.getName());

    private final Workloads workloads;
    private final Rewrapping rewrapping;
    private final IdentityDoor door;

    IdentityRoom(Database database, LiveRuntimes runtimes, Supplier<IdentitySettings> settings, ConfiguredProviders configured, Supplier<Arns> arns, Clock clock) {
        IdentityStore store = new IdentityStore(database);
        Vault vault = new Vault(() -> settings.get().keys());
        BooleanSupplier files = () -> settings.get().secrets().isPresent();
        this.workloads = new Workloads(store, runtimes, arns, clock);
        this.rewrapping = new Rewrapping(store, vault, () -> settings.get().keys());
        CredentialProviders apiKeys = new CredentialProviders(ProviderKind.API_KEY, new ProviderShape.ApiKey(files), store, vault, configured, arns, clock);
        CredentialProviders oauth2 = new CredentialProviders(ProviderKind.OAUTH2, new ProviderShape.Oauth2(Vendors.load(), files), store, vault, configured, arns, clock);
        Credentials credentials = new Credentials(workloads, new WorkloadTokens(vault, () -> settings.get().tokenLifetime(), clock), apiKeys,
                new ProviderSecrets(store, vault, () -> settings.get().secrets()));
        this.door = new IdentityDoor(List.of(controlShapes(), dataShapes()), Map.ofEntries(
                Map.entry("CreateWorkloadIdentity", IdentityDoor.of(workloads::create)),
                Map.entry("GetWorkloadIdentity", IdentityDoor.of(workloads::get)),
                Map.entry("UpdateWorkloadIdentity", IdentityDoor.of(workloads::update)),
                Map.entry("DeleteWorkloadIdentity", IdentityDoor.of(workloads::delete)),
                Map.entry("ListWorkloadIdentities", IdentityDoor.of(workloads::list)),
                Map.entry("CreateApiKeyCredentialProvider", IdentityDoor.of(apiKeys::create)),
                Map.entry("GetApiKeyCredentialProvider", IdentityDoor.of(apiKeys::get)),
                Map.entry("UpdateApiKeyCredentialProvider", IdentityDoor.of(apiKeys::update)),
                Map.entry("DeleteApiKeyCredentialProvider", IdentityDoor.of(apiKeys::delete)),
                Map.entry("ListApiKeyCredentialProviders", IdentityDoor.of(apiKeys::list)),
                Map.entry("CreateOauth2CredentialProvider", IdentityDoor.of(oauth2::create)),
                Map.entry("GetOauth2CredentialProvider", IdentityDoor.of(oauth2::get)),
                Map.entry("UpdateOauth2CredentialProvider", IdentityDoor.of(oauth2::update)),
                Map.entry("DeleteOauth2CredentialProvider", IdentityDoor.of(oauth2::delete)),
                Map.entry("ListOauth2CredentialProviders", IdentityDoor.of(oauth2::list)),
                Map.entry("GetWorkloadAccessToken", credentials::ofWorkload),
                Map.entry("GetWorkloadAccessTokenForJWT", credentials::ofJwt),
                Map.entry("GetWorkloadAccessTokenForUserId", credentials::ofUserId),
                Map.entry("GetResourceApiKey", credentials::apiKey)));
    }

    static Shapes controlShapes() {
        return Shapes.load(IdentityRoom.class, "control.json", "additions.json");
    }

    static Shapes dataShapes() {
        return Shapes.load(IdentityRoom.class, "data.json");
    }

    RoomOperations operations() {
        return door;
    }

    /** Brings what belongs to agent runtimes in line with these. Blocks on the database; what fails is tried at the next tick. */
    void tick() {
        try {
            workloads.tick();
            rewrapping.tick();
        } catch (IdentityException databaseAway) {
            LOG.log(Level.FINE, databaseAway, () -> "Tried again at the next tick.");
        } catch (RuntimeException | Error e) { // whoever calls this each second would never do so again
            IdentityMessage.UNEXPECTED.log(LOG, e, "looking after the identities", e.toString());
        }
    }
}
