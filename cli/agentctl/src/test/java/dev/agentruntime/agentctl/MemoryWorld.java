package dev.agentruntime.agentctl;

import dev.agentruntime.client.ScriptedServer;

/** A server with memories: one of the API with a session of alice's, and one of server.xml. */
final class MemoryWorld {

    static final String MEMORY = "{\"arn\":\"arn:aws:bedrock-agentcore:local:000000000000:memory/desk-aB3dE6gH9k\",\"id\":\"desk-aB3dE6gH9k\",\"name\":\"desk\","
            + "\"description\":\"What the desk knows\",\"eventExpiryDuration\":90,\"status\":\"ACTIVE\",\"createdAt\":1795676400.000,\"updatedAt\":1795676460.500,"
            + "\"strategies\":[{\"strategyId\":\"semantic-aB3dE6gH9k\",\"name\":\"semantic\",\"type\":\"SEMANTIC\"}]}";
    static final String FIXED = "{\"arn\":\"arn:aws:bedrock-agentcore:local:000000000000:memory/fixed-configured\",\"id\":\"fixed-configured\",\"status\":\"ACTIVE\","
            + "\"createdAt\":1795676400.000,\"updatedAt\":1795676400.000}";
    private static final String EVENT = "{\"memoryId\":\"desk-aB3dE6gH9k\",\"actorId\":\"alice\",\"sessionId\":\"s1\",\"eventId\":\"%d#1\",\"eventTimestamp\":%d.000,\"payload\":[%s]}";
    private static final String SAID = "{\"conversational\":{\"role\":\"%s\",\"content\":{\"text\":\"%s\"}}}";

    static final String RECORD_ID = "mem-0123456789012345678901234567890123456789";
    static final String RECORD = "{\"memoryRecordId\":\"" + RECORD_ID + "\",\"content\":{\"text\":\"Alice was told that\\nher order is \\u001b[31mlate.\"},\"memoryStrategyId\":\"\","
            + "\"namespaces\":[\"/actors/alice\"],\"createdAt\":1795676400.000}";

    private MemoryWorld() {}

    static ScriptedServer up() {
        String first = EVENT.formatted(1, 1_795_676_400, SAID.formatted("USER", "Where is my order?\\nIt is late."));
        String second = EVENT.formatted(2, 1_795_676_460, "{\"blob\":{\"order\":17}}," + SAID.formatted("ASSISTANT", "On its \\u001b[31mway."));
        return World.up().on("POST /memories/", 200, "{\"memories\":[" + MEMORY + "," + FIXED + "]}")
                .on("GET /memories/desk-aB3dE6gH9k/details", 200, "{\"memory\":" + MEMORY + "}")
                .on("GET /memories/fixed-configured/details", 200, "{\"memory\":" + FIXED.replace("\"id\"", "\"name\":\"fixed\",\"readOnly\":true,\"id\"") + "}")
                .on("POST /memories/create", 202, "{\"memory\":" + MEMORY + "}")
                .on("PUT /memories/desk-aB3dE6gH9k/update", 202, "{\"memory\":" + MEMORY + "}")
                .on("DELETE /memories/desk-aB3dE6gH9k/actors/team%2Falice", 200, "{\"actorId\":\"team/alice\",\"deletedEvents\":12,\"deletedRecords\":1}")
                .on("POST /memories/desk-aB3dE6gH9k/memoryRecords", 200, "{\"memoryRecordSummaries\":[" + RECORD + "]}")
                .on("POST /memories/desk-aB3dE6gH9k/retrieve", 200, "{\"memoryRecordSummaries\":[" + RECORD + "]}")
                .on("DELETE /memories/desk-aB3dE6gH9k/memoryRecords/" + RECORD_ID, 200, "{\"memoryRecordId\":\"" + RECORD_ID + "\"}")
                .on("DELETE /memories/desk-aB3dE6gH9k/delete", 202, "{\"memoryId\":\"desk-aB3dE6gH9k\",\"status\":\"DELETING\"}")
                .on("POST /memories/desk-aB3dE6gH9k/actors", 200, "{\"actorSummaries\":[{\"actorId\":\"alice\"}]}")
                .on("POST /memories/desk-aB3dE6gH9k/actor/alice/sessions", 200, "{\"sessionSummaries\":[{\"sessionId\":\"s1\",\"actorId\":\"alice\",\"createdAt\":1795676400.000}]}")
                .on("POST /memories/desk-aB3dE6gH9k/actor/alice/sessions/s1", 200, "{\"events\":[" + second + "," + first + "]}");
    }

    /** It has the feature, and nothing else; what is to be made is there already. */
    static ScriptedServer empty() {
        return World.answering(404, "ResourceNotFoundException", "There is no such memory.").on("POST /memories/", 200, "{\"memories\":[]}")
                .on("POST /memories/create", 409, "{\"message\":\"There is a memory of the name desk already.\"}", "x-amzn-ErrorType", "ConflictException");
    }
}
