package dev.agentruntime.invocation;

/** What all exchanges of the front door share. */
record FrontDoor(AgentClient client, GuestLogs logs, StalledUploads stalled, SlowWrites writes, CallerWatch callers, McpSessions mcp,
        FrontDoorLimits limits) implements AutoCloseable {

    static FrontDoor open(FrontDoorLimits limits) {
        AgentClient client = new AgentClient();
        return new FrontDoor(client, new GuestLogs(), new StalledUploads(), new SlowWrites(), new CallerWatch(client.executor()),
                new McpSessions(), limits);
    }

    @Override
    public void close() {
        callers.close();
        writes.close();
        logs.close();
        client.close();
    }
}
