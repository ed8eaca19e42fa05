package dev.agentruntime.agentctl;

import dev.agentruntime.client.AgentRuntimeClient;
import dev.agentruntime.client.MemoryClient;
import dev.agentruntime.client.MemoryInfo;

/** A command about memories. */
abstract class MemoryAction extends RoomAction {

    MemoryAction(Surroundings surroundings) {
        super(surroundings);
    }

    @Override
    final ExitCode run(AgentRuntimeClient client) throws Exception {
        return run(client.memories());
    }

    abstract ExitCode run(MemoryClient memories) throws Exception;

    @Override
    final boolean isThere(AgentRuntimeClient client) {
        return client.memories().isThere();
    }

    @Override
    final String what() {
        return "memories";
    }

    @Override
    final String feature() {
        return "agentMemory-1.0";
    }

    /** The id of the memory of this name; an id has a hyphen, which no name has. Only administrators may look for names. */
    static String id(MemoryClient memories, String nameOrId) {
        if (nameOrId.indexOf('-') >= 0) {
            return nameOrId;
        }
        return memories.memories().stream().filter(memory -> memory.name().equals(nameOrId)).map(MemoryInfo::id).findFirst().orElseThrow(() -> new Problem(
                ExitCode.NOT_FOUND, "There is no memory " + Text.plain(nameOrId) + ". 'agentctl memory list' shows which there are."));
    }
}
