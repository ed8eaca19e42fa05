package dev.agentruntime.memory;

import dev.agentruntime.api.RoomOperations;
import dev.agentruntime.store.Database;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Hashtable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Serves memories, and publishes their operations in JNDI. */
@Component(immediate = true, service = {}, property = "service.vendor=Agent Runtime")
public final class MemoryComponent {

    private static final Duration LAST_WRITE = Duration.ofSeconds(2);

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "agent-runtime-memory");
        thread.setDaemon(true);
        return thread;
    });
    private final MemoryRoom room;
    private final ServiceRegistration<RoomOperations> service;

    /** Finds again what was kept before, and serves. */
    @Activate
    public MemoryComponent(@Reference Database database, @Reference ConfiguredMemories configured, @Reference ServerHome home, BundleContext context) {
        room = new MemoryRoom(database, configured, home::arns, folder(context), Clock.systemUTC());
        Hashtable<String, Object> named = new Hashtable<>();
        named.put("osgi.jndi.service.name", RoomOperations.MEMORY_JNDI_NAME);
        service = context.registerService(RoomOperations.class, room.operations(), named);
        timer.scheduleWithFixedDelay(room::tick, 0, 1, TimeUnit.SECONDS);
    }

    /** Where it stays with another bundle and with a clean start. */
    private static Path folder(BundleContext context) {
        String output = context.getProperty("server.output.dir");
        return Path.of(output == null ? "." : output, "agent-memory", "index");
    }

    @Deactivate
    void deactivate() {
        service.unregister();
        timer.shutdown();
        try {
            timer.awaitTermination(LAST_WRITE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        timer.shutdownNow(); // an interrupt in the midst of a write closes H2's file; only a database that hangs is interrupted
        room.close();
    }
}
