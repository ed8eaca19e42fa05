package dev.agentruntime.memory;

import dev.agentruntime.api.RoomOperations;
import dev.agentruntime.api.RoomOperations.Who;
import dev.agentruntime.requests.Shapes;
import dev.agentruntime.store.Database;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Puts the room together. Its owner calls {@link #tick()} once a second. Thread-safe. */
final class MemoryRoom {

    private static final Logger LOG = Logger.getLogger(MemoryRoom.class.getName());

    private final Erasure erasure;
    private final MemoryDoor door;

    MemoryRoom(Database database, ConfiguredMemories configured, Supplier<Arns> arns, Clock clock) {
        MemoryStore store = new MemoryStore(database);
        Memories memories = new Memories(store, configured, arns, clock);
        Events events = new Events(store, memories, clock);
        this.erasure = new Erasure(store, clock);
        Actors actors = new Actors(store, memories, erasure, clock);
        this.door = new MemoryDoor(List.of(
                new MemoryDoor.Part(controlShapes(), Who.ADMIN, Map.of(
                        "CreateMemory", MemoryDoor.of(memories::create),
                        "GetMemory", MemoryDoor.of(memories::get),
                        "UpdateMemory", MemoryDoor.of(memories::update),
                        "DeleteMemory", MemoryDoor.of(memories::delete),
                        "ListMemories", MemoryDoor.of(memories::list))),
                new MemoryDoor.Part(dataShapes(), Who.INVOKER, Map.of(
                        "CreateEvent", events::create,
                        "GetEvent", events::get,
                        "DeleteEvent", events::delete,
                        "ListEvents", events::list,
                        "ListSessions", actors::sessions,
                        "ListActors", actors::actors)),
                new MemoryDoor.Part(ownShapes(), Who.INVOKER, Map.of(
                        "DeleteActor", actors::delete))));
    }

    static Shapes controlShapes() {
        return Shapes.load(MemoryRoom.class, "control.json");
    }

    static Shapes dataShapes() {
        return Shapes.load(MemoryRoom.class, "data.json");
    }

    /** Of operations that AgentCore does not have. */
    static Shapes ownShapes() {
        return Shapes.load(MemoryRoom.class, "own.json");
    }

    RoomOperations operations() {
        return door;
    }

    /** Removes what is to be no more. Blocks on the database; what fails is tried at the next tick. */
    void tick() {
        try {
            erasure.tick();
        } catch (MemoryException databaseAway) {
            LOG.log(Level.FINE, databaseAway, () -> "Tried again at the next tick.");
        } catch (RuntimeException | Error e) { // whoever calls this each second would never do so again
            MemoryMessage.UNEXPECTED.log(LOG, e, "removing what has expired", e.toString());
        }
    }
}
