package dev.agentruntime.memory;

import dev.agentruntime.api.RoomOperations;
import dev.agentruntime.api.RoomOperations.Who;
import dev.agentruntime.requests.Shapes;
import dev.agentruntime.store.Database;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Puts the room together. Its owner calls {@link #tick()} once a second. Thread-safe. */
final class MemoryRoom implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(MemoryRoom.class.getName());

    private final Erasure erasure;
    private final IndexKeeper index;
    private final MemoryDoor door;

    /** @param folder of the index */
    MemoryRoom(Database database, ConfiguredMemories configured, Supplier<Arns> arns, Path folder, Clock clock) {
        MemoryStore store = new MemoryStore(database);
        Memories memories = new Memories(store, configured, arns, clock);
        Events events = new Events(store, memories, clock);
        this.erasure = new Erasure(store, clock);
        Actors actors = new Actors(store, memories, erasure, clock);
        this.index = new IndexKeeper(store, folder);
        Records records = new Records(store, memories, index);
        RecordChanges changes = new RecordChanges(store, memories, clock);
        this.door = new MemoryDoor(List.of(
                new MemoryDoor.Part(controlShapes(), Who.ADMIN, Map.of(
                        "CreateMemory", MemoryDoor.of(memories::create),
                        "GetMemory", MemoryDoor.of(memories::get),
                        "UpdateMemory", MemoryDoor.of(memories::update),
                        "DeleteMemory", MemoryDoor.of(memories::delete),
                        "ListMemories", MemoryDoor.of(memories::list))),
                new MemoryDoor.Part(dataShapes(), Who.INVOKER, Map.ofEntries(
                        Map.entry("CreateEvent", events::create),
                        Map.entry("GetEvent", events::get),
                        Map.entry("DeleteEvent", events::delete),
                        Map.entry("ListEvents", events::list),
                        Map.entry("ListSessions", actors::sessions),
                        Map.entry("ListActors", actors::actors),
                        Map.entry("BatchCreateMemoryRecords", changes::create),
                        Map.entry("BatchUpdateMemoryRecords", changes::update),
                        Map.entry("BatchDeleteMemoryRecords", changes::deleteSome),
                        Map.entry("DeleteMemoryRecord", changes::delete),
                        Map.entry("GetMemoryRecord", records::get),
                        Map.entry("ListMemoryRecords", records::list),
                        Map.entry("RetrieveMemoryRecords", records::retrieve))),
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

    /** Removes what is to be no more, and writes the index to the disk. Blocks on the database; what fails is tried at the next tick. */
    void tick() {
        try {
            erasure.tick();
            index.tick();
        } catch (MemoryException databaseAway) {
            LOG.log(Level.FINE, databaseAway, () -> "Tried again at the next tick.");
        } catch (RuntimeException | Error e) { // whoever calls this each second would never do so again
            MemoryMessage.UNEXPECTED.log(LOG, e, "looking after the memories", e.toString());
        }
    }

    @Override
    public void close() {
        index.close();
    }
}
