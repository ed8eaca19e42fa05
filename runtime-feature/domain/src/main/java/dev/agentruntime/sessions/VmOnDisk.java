package dev.agentruntime.sessions;

import dev.agentruntime.api.GuestStream;
import dev.agentruntime.api.PingAnswer;
import dev.agentruntime.api.StartMode;
import dev.agentruntime.api.Target;
import dev.agentruntime.spi.GuestStreams;
import dev.agentruntime.spi.MeterReading;
import dev.agentruntime.spi.SessionStart;
import dev.agentruntime.spi.Snapshot;
import dev.agentruntime.spi.Vm;
import dev.agentruntime.spi.VmException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Stands for the VM of a session that an earlier run of the server put on the disk: it is gone, and its last reading is known.
 *
 * @param last what it had used
 */
record VmOnDisk(String name, StartMode startMode, MeterReading last) implements Vm {

    private VmException gone() {
        return new VmException("The VM " + name + " is gone; its session is on the disk");
    }

    @Override
    public void begin(SessionStart start) {
        throw gone();
    }

    @Override
    public GuestStream connect(Target target) {
        throw gone();
    }

    @Override
    public void onStream(GuestStreams streams) {
        // Its guest opens none.
    }

    @Override
    public PingAnswer.Replied ping(Duration timeout) {
        throw gone();
    }

    @Override
    public MeterReading read() {
        return last;
    }

    @Override
    public List<String> logTail(int lines) {
        return List.of();
    }

    @Override
    public void pause() {
        throw gone();
    }

    @Override
    public boolean isPaused() {
        return true;
    }

    @Override
    public void resume() {
        throw gone();
    }

    @Override
    public Snapshot snapshot(long mostBytes) {
        throw gone();
    }

    /** It has been destroyed, so it does not die any more. */
    @Override
    public CompletionStage<String> death() {
        return new CompletableFuture<>();
    }

    @Override
    public void leave() {
        // Nothing of it is there.
    }

    @Override
    public void farewell(Duration grace) {
        // Nobody hears it.
    }

    @Override
    public MeterReading destroy() {
        return last;
    }
}
