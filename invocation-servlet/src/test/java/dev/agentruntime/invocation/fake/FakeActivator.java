package dev.agentruntime.invocation.fake;

import dev.agentruntime.api.InboundIdentity;
import dev.agentruntime.api.Platform;
import dev.agentruntime.api.RoomOperations;
import dev.agentruntime.api.SessionLogs;
import java.util.Dictionary;
import java.util.Hashtable;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Puts the fake platform where the real one would be; the agents' ports are in the environment. */
public final class FakeActivator implements BundleActivator {

    @Override
    public void start(BundleContext context) {
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put("osgi.jndi.service.name", Platform.JNDI_NAME);
        context.registerService(Platform.class, new FakePlatform(port("FAKE_AGENT_PORT"), port("FAKE_RAW_PORT"), port("FAKE_COMMAND_PORT")), properties);
        Dictionary<String, Object> logs = new Hashtable<>();
        logs.put("osgi.jndi.service.name", SessionLogs.JNDI_NAME);
        context.registerService(SessionLogs.class, new FakeLogs(), logs);
        Dictionary<String, Object> inbound = new Hashtable<>();
        inbound.put("osgi.jndi.service.name", InboundIdentity.JNDI_NAME);
        context.registerService(InboundIdentity.class, new FakeInbound(), inbound);
        Dictionary<String, Object> room = new Hashtable<>();
        room.put("osgi.jndi.service.name", RoomOperations.CONTROL_JNDI_NAME);
        context.registerService(RoomOperations.class, new FakeRoom(), room);
    }

    private static int port(String variable) {
        return Integer.parseInt(System.getenv(variable));
    }

    @Override
    public void stop(BundleContext context) {}
}
