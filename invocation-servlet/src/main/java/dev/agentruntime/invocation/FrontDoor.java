package dev.agentruntime.invocation;

import java.util.Optional;

/** What all exchanges of the front door share. */
record FrontDoor(AgentClient client, GuestLogs logs, StalledUploads stalled, SlowWrites writes, CallerWatch callers, McpSessions mcp,
        OpenSockets sockets, WebSocketAnswer.Waiting opening, Costs costs, WorkloadTokens tokens, FrontDoorLimits limits) implements AutoCloseable {

    static FrontDoor open(FrontDoorLimits limits) {
        return open(limits, Costs.inJndi(), WorkloadTokens.inJndi());
    }

    static FrontDoor open(FrontDoorLimits limits, Costs costs) {
        return open(limits, costs, new WorkloadTokens(Optional::empty));
    }

    static FrontDoor open(FrontDoorLimits limits, Costs costs, WorkloadTokens tokens) {
        AgentClient client = new AgentClient();
        return new FrontDoor(client, new GuestLogs(), new StalledUploads(), new SlowWrites(), new CallerWatch(client.executor()),
                new McpSessions(), new OpenSockets(), new WebSocketAnswer.Waiting(), costs, tokens, limits);
    }

    @Override
    public void close() {
        sockets.close();
        callers.close();
        writes.close();
        logs.close();
        client.close();
    }
}
