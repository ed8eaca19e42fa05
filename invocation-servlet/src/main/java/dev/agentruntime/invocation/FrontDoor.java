package dev.agentruntime.invocation;

/** What all exchanges of the front door share. */
record FrontDoor(AgentClient client, GuestLogs logs, StalledUploads stalled, FrontDoorLimits limits) implements AutoCloseable {

    static FrontDoor open(FrontDoorLimits limits) {
        return new FrontDoor(new AgentClient(), new GuestLogs(), new StalledUploads(), limits);
    }

    @Override
    public void close() {
        logs.close();
        client.close();
    }
}
