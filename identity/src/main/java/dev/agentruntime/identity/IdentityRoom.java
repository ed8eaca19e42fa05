package dev.agentruntime.identity;

import dev.agentruntime.api.CredentialRead;
import dev.agentruntime.api.RoomOperations;
import dev.agentruntime.requests.Shapes;
import dev.agentruntime.spi.GuestService;
import dev.agentruntime.spi.OutboundCredentials;
import dev.agentruntime.store.Database;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/** Puts the room together. Its owner calls {@link #tick()} once a second. Thread-safe. */
final class IdentityRoom implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(IdentityRoom.class.getName());

    private final Workloads workloads;
    private final Rewrapping rewrapping;
    private final List<RoomOperations.Row> rows;
    private final Leftovers leftovers;
    private final ProviderWire wire;
    private final Oauth2Tokens oauth2Tokens;
    private final SessionWorkloads sessions;
    private final GuestDoor guests;
    private final OutboundSecrets outbounds;

    IdentityRoom(Database database, LiveRuntimes runtimes, Supplier<IdentitySettings> settings, ConfiguredProviders configured, Supplier<Arns> arns,
            Consumer<CredentialRead> meter, Clock clock) {
        this(database, runtimes, settings, configured, arns, meter, clock, ProviderWire.PATIENCE);
    }

    /**
     * @param meter    told of each request for a credential
     * @param patience for one answer of a provider
     */
    IdentityRoom(Database database, LiveRuntimes runtimes, Supplier<IdentitySettings> settings, ConfiguredProviders configured, Supplier<Arns> arns,
            Consumer<CredentialRead> meter, Clock clock, Duration patience) {
        IdentityStore store = new IdentityStore(database);
        Vault vault = new Vault(() -> settings.get().keys());
        BooleanSupplier files = () -> settings.get().secrets().isPresent();
        this.workloads = new Workloads(store, runtimes, arns, clock);
        this.rewrapping = new Rewrapping(store, vault, () -> settings.get().keys());
        CredentialProviders apiKeys = new CredentialProviders(ProviderKind.API_KEY, new ProviderShape.ApiKey(files), store, vault, configured, arns, clock);
        CredentialProviders oauth2 = new CredentialProviders(ProviderKind.OAUTH2,
                new ProviderShape.Oauth2(Vendors.load(), files, name -> settings.get().oauth2().callback(name)), store, vault, configured, arns, clock);
        WorkloadTokens tokens = new WorkloadTokens(vault, () -> settings.get().tokenLifetime(), clock);
        TokenGate tokenGate = new TokenGate(workloads, tokens);
        this.sessions = new SessionWorkloads(workloads, tokens, () -> settings.get().sessionTokenLifetime(), clock);
        CredentialGate gate = new CredentialGate(new Access(workloads, apiKeys, oauth2), meter);
        ProviderSecrets secrets = new ProviderSecrets(store, vault, () -> settings.get().secrets());
        UserTokens users = new UserTokens(store, vault, sessions::own, clock);
        Credentials credentials = new Credentials(workloads, tokens, gate, secrets, users);
        this.wire = new ProviderWire(() -> settings.get().oauth2().addresses(), patience);
        Discovery discovery = new Discovery(wire, clock);
        TokenEndpoint endpoint = new TokenEndpoint(wire, discovery, secrets, clock);
        Grants grants = new Grants(store, vault, endpoint, clock);
        TokenCache cache = new TokenCache(clock);
        MachineTokens machine = new MachineTokens(endpoint, cache);
        Consents consents = new Consents(store, vault, workloads, discovery, grants, () -> settings.get().oauth2(), clock);
        ConsentCompletion completion = new ConsentCompletion(store, vault, oauth2, endpoint, grants, clock);
        GrantList list = new GrantList(store);
        this.oauth2Tokens = new Oauth2Tokens(tokens, gate, machine, new ExchangedTokens(users, machine, endpoint, cache), grants, consents);
        IdentityDoor door = new IdentityDoor(List.of(controlShapes(), dataShapes(), grantShapes()), Map.ofEntries(
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
                Map.entry("GetResourceApiKey", credentials::apiKey),
                Map.entry("GetResourceOauth2Token", IdentityDoor.of(oauth2Tokens::token)),
                Map.entry("CompleteResourceTokenAuth", completion::complete),
                Map.entry("ListGrants", list::list),
                Map.entry("DeleteGrant", list::delete)), tokenGate::outside, gate::notTaken);
        this.rows = Stream.concat(door.operations().stream(), Stream.of(new ConsentCallback(store, vault, clock).row())).toList();
        this.leftovers = new Leftovers(store, clock);
        this.guests = new GuestDoor(door, tokenGate);
        this.outbounds = new OutboundSecrets(sessions, credentials, oauth2Tokens);
    }

    static Shapes controlShapes() {
        return Shapes.load(IdentityRoom.class, "control.json", "additions.json");
    }

    static Shapes grantShapes() {
        return Shapes.load(IdentityRoom.class, "grants.json");
    }

    static Shapes dataShapes() {
        return Shapes.load(IdentityRoom.class, "data.json");
    }

    /** Gives access tokens, also to who asks in the place of an agent. */
    Oauth2Tokens tokens() {
        return oauth2Tokens;
    }

    RoomOperations operations() {
        return () -> rows;
    }

    /** For sessions that begin, and for their tokens. */
    SessionWorkloads sessions() {
        return sessions;
    }

    /** For guests that ask by themselves. */
    GuestService guests() {
        return guests;
    }

    /** For what leaves guests. */
    OutboundCredentials outbounds() {
        return outbounds;
    }

    /** Brings what belongs to agent runtimes in line with these. Blocks on the database; what fails is tried at the next tick. */
    void tick() {
        try {
            workloads.tick();
            sessions.tick();
            rewrapping.tick();
            leftovers.tick();
        } catch (IdentityException databaseAway) {
            LOG.log(Level.FINE, databaseAway, () -> "Tried again at the next tick.");
        } catch (RuntimeException | Error e) { // whoever calls this each second would never do so again
            IdentityMessage.UNEXPECTED.log(LOG, e, "looking after the identities", e.toString());
        }
    }

    /** Lets go of what still waits for providers. */
    @Override
    public void close() {
        wire.close();
    }
}
