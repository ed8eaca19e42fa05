package dev.agentruntime.platform;

import dev.agentruntime.agents.AgentSettings;
import dev.agentruntime.config.Attributes;
import dev.agentruntime.config.Effective;
import dev.agentruntime.sessions.SessionSettings;
import dev.agentruntime.spi.DriverSettings;
import dev.agentruntime.store.StoreSettings;
import java.nio.file.Path;
import java.util.List;

/** The platform's configuration: the settings of its rooms, each of which reads and describes its own. */
public record PlatformConfig(
        SessionSettings sessions, AgentSettings agents, HealthSettings health, IdentitySettings identity,
        DriverSettings driver, StoreSettings store) {

    /**
     * Reads the element {@code <agentRuntime>}; what cannot be used is among its problems afterwards.
     *
     * @param serverId        names this server among all that use the hypervisor
     * @param serverDirectory where this server keeps files of its own
     */
    public static PlatformConfig read(Attributes own, String serverId, Path serverDirectory) {
        return new PlatformConfig(SessionSettings.read(own), AgentSettings.read(own, serverDirectory), HealthSettings.read(own),
                IdentitySettings.read(own), DriverSettings.read(own, serverId), StoreSettings.read(own));
    }

    /** What is in force. */
    public Effective effective() {
        Effective effective = new Effective();
        agents.describe(effective);
        sessions.describe(effective);
        health.describe(effective);
        identity.describe(effective);
        driver.describe(effective);
        store.describe(effective);
        return effective;
    }

    /** The attributes whose change since {@code before} takes effect after a restart only. */
    public List<String> needRestart(PlatformConfig before) {
        return fixed().changedSince(before.fixed());
    }

    private Effective fixed() {
        Effective effective = new Effective();
        driver.describe(effective);
        store.describe(effective);
        return effective;
    }

    /** What of this is in force where {@code before} was until now: the rest waits for a restart. */
    PlatformConfig inForceAfter(PlatformConfig before) {
        return new PlatformConfig(sessions, agents, health, identity, before.driver(), before.store());
    }
}
