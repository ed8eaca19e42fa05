package dev.agentruntime.libvirt;

import dev.agentruntime.api.GuestStream;
import dev.agentruntime.api.PingAnswer;
import dev.agentruntime.api.StartMode;
import dev.agentruntime.api.Target;
import dev.agentruntime.channel.HostLink;
import dev.agentruntime.channel.ServerEnd;
import dev.agentruntime.spi.GuestStreams;
import dev.agentruntime.spi.MeterReading;
import dev.agentruntime.spi.SessionStart;
import dev.agentruntime.spi.Snapshot;
import dev.agentruntime.spi.Vm;
import dev.agentruntime.spi.VmException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;

/** A VM with its link, once it has one. Its life hangs on the link and the process, never on libvirtd. */
final class LibvirtVm implements Vm {

    private static final Duration LOG_LIMIT = Duration.ofSeconds(5);
    private static final Duration LINK_LIMIT = Duration.ofSeconds(60);

    private enum Life { RUNNING, PAUSED, ENDED, DESTROYED }

    private final RunningMachine machine;
    private final HostLinks links;
    private final WayOut wayOut;
    private final StartMode startMode;
    private final boolean hearsItsEnd;
    private final Executor executor;
    private final Snapshots.Taker snapshots;
    private final Runnable onDestroyed;
    private final CompletableFuture<String> death = new CompletableFuture<>();
    private final AtomicReference<Life> life;
    private final LastWords lastWords;
    /** One of begin, pause and resume at a time; destroy waits for none of them. */
    private final Object turn = new Object();
    private volatile Stage stage;
    private volatile String hostName;
    private volatile boolean restless = true;

    /**
     * @param hearsItsEnd whether there is anything in it that a farewell is for
     * @param snapshots   puts it on the disk
     * @param onDestroyed run when the VM is proven gone, or left to the next run of the server
     */
    LibvirtVm(RunningMachine machine, Stage stage, HostLinks links, StartMode startMode, boolean hearsItsEnd, Executor executor,
            Snapshots.Taker snapshots, Runnable onDestroyed) {
        this.machine = machine;
        this.links = links;
        this.wayOut = new WayOut(machine, links, executor);
        this.startMode = startMode;
        this.hearsItsEnd = hearsItsEnd;
        this.executor = executor;
        this.snapshots = snapshots;
        this.onDestroyed = onDestroyed;
        this.lastWords = new LastWords(machine);
        this.stage = stage;
        this.hostName = machine.name();
        this.life = new AtomicReference<>(stage instanceof Stage.Reached ? Life.RUNNING : Life.PAUSED);
        if (stage instanceof Stage.Reached reached) {
            reached.link().closed().thenAcceptAsync(this::ended, executor);
        }
    }

    @Override
    public String name() {
        return machine.name();
    }

    @Override
    public StartMode startMode() {
        return startMode;
    }

    /** Before it begins: has it do once what its session will ask, and pauses it. */
    void prime(int rounds) {
        HostLink link = link();
        watch(link);
        new Rehearsal(link, name()).prime(rounds);
        stage = new Stage.Primed(link);
        pause();
    }

    @Override
    public void begin(SessionStart start) {
        synchronized (turn) {
            if (alive() == Life.PAUSED) {
                arrive();
                life.compareAndSet(Life.PAUSED, Life.RUNNING);
            }
            HostLink link = link();
            if (!(stage instanceof Stage.Primed)) {
                control().renew(name());
                watch(link);
            }
            // The agent's hooks, which run within the beginning, may want to go out.
            wayOut.serve(link);
            control().begin(start);
            stage = new Stage.Begun(link);
            link.startHeartbeat();
        }
    }

    /**
     * After an earlier run of the server has begun it: its guest is watched, may go out, and has the right time again.
     *
     * @param formerName what its guest is called
     */
    void rejoin(String formerName) {
        hostName = formerName;
        HostLink link = link();
        watch(link);
        wayOut.serve(link);
        control().setClock();
        link.startHeartbeat();
    }

    /** While the VM is made, where that can be: no caller waits for it then. A link that ends first is told by its own end. */
    private void watch(HostLink link) {
        ServerEnd.watch(link).thenAcceptAsync(this::serverEnded, executor);
    }

    /** From where it waits to where its guest answers. */
    private void arrive() {
        Stage from = stage;
        if (from instanceof Stage.Shell shell) {
            machine.load(shell.state());
        }
        machine.resume();
        if (!(from instanceof Stage.Reached)) {
            HostLink link = links.connect(machine, LINK_LIMIT);
            stage = new Stage.Linked(link);
            link.closed().thenAcceptAsync(this::ended, executor);
            if (life.get() == Life.DESTROYED) {
                link.close();
            }
        }
    }

    private HostLink link() {
        if (stage instanceof Stage.Reached reached) {
            return reached.link();
        }
        throw new VmException("The VM " + name() + " has not begun its session yet");
    }

    private GuestControl control() {
        return new GuestControl(link(), name());
    }

    @Override
    public GuestStream connect(Target target) {
        try {
            return new ChannelStream(link().open(target.name()));
        } catch (IOException e) {
            throw new VmException("No stream to " + target.name() + " in the VM " + name() + " could be opened: " + e.getMessage(), e);
        }
    }

    @Override
    public void onStream(GuestStreams streams) {
        wayOut.onStream(streams);
    }

    @Override
    public PingAnswer.Replied ping(Duration timeout) {
        return control().ping(timeout);
    }

    @Override
    public MeterReading read() {
        return machine.read();
    }

    /** Has {@link #read()} tell a newer figure of memory. A paused VM's memory stays as it is. Blocks for some milliseconds. */
    void measure() {
        Life now = life.get();
        if (now == Life.RUNNING || now == Life.PAUSED && restless) {
            restless = now == Life.RUNNING;
            machine.measure();
        }
    }

    @Override
    public List<String> logTail(int lines) {
        try {
            return life.get() == Life.RUNNING ? control().log(lines, LOG_LIMIT) : lastWords.tail(lines);
        } catch (VmException e) {
            return lastWords.tail(lines);
        }
    }

    @Override
    public void pause() {
        synchronized (turn) {
            if (alive() == Life.PAUSED) {
                return;
            }
            // Stays off when it is not known whether the VM has stopped: a guest that stands still cannot give signs of life.
            link().stopHeartbeat();
            wayOut.stopHeartbeat();
            machine.suspend();
            restless = true;
            life.compareAndSet(Life.RUNNING, Life.PAUSED);
        }
    }

    @Override
    public boolean isPaused() {
        return life.get() == Life.PAUSED;
    }

    @Override
    public void resume() {
        synchronized (turn) {
            if (alive() == Life.PAUSED) {
                if (stage instanceof Stage.Restored restored) {
                    comeBack(restored.hostName());
                } else {
                    machine.resume();
                }
                restless = true;
                life.compareAndSet(Life.PAUSED, Life.RUNNING);
            }
            control().setClock();
            link().startHeartbeat();
            wayOut.startHeartbeat();
        }
    }

    /** A VM that went on in another process has what a clone has to be told, all but its session; its guest keeps the name that it has. */
    private void comeBack(String formerName) {
        hostName = formerName;
        arrive();
        try {
            HostLink link = link();
            control().renew(hostName);
            watch(link);
            wayOut.serve(link);
            stage = new Stage.Begun(link);
        } catch (RuntimeException | Error e) {
            life.compareAndSet(Life.PAUSED, Life.ENDED);
            throw e;
        }
    }

    @Override
    public Snapshot snapshot(long mostBytes) {
        synchronized (turn) {
            if (alive() != Life.PAUSED || !(stage instanceof Stage.Begun)) {
                throw new VmException("The VM " + name() + " is not paused in its session, so it cannot be put on the disk");
            }
            return snapshots.take(machine, hostName, mostBytes);
        }
    }

    private Life alive() {
        Life now = life.get();
        if (now == Life.ENDED || now == Life.DESTROYED) {
            throw new VmException("The VM " + name() + " has ended");
        }
        return now;
    }

    @Override
    public CompletionStage<String> death() {
        return death.minimalCompletionStage();
    }

    private void ended(String linkSays) {
        if (end()) {
            die(lastWords.ofTheVm(linkSays));
        }
    }

    private void serverEnded(ServerEnd end) {
        if (end()) {
            die(lastWords.ofTheServer(end));
        }
    }

    /** Whether this is the first to find it ended, and nobody wanted it to. */
    private boolean end() {
        Life before = life.getAndUpdate(now -> now == Life.DESTROYED ? now : Life.ENDED);
        return before != Life.DESTROYED && before != Life.ENDED;
    }

    private void die(String sentence) {
        // Nothing of a session that is over goes out, however long its process stays.
        wayOut.close();
        if (life.get() != Life.DESTROYED) {
            DriverMessage.VM_DIED.log(name(), sentence);
            death.complete(sentence);
        }
    }

    @Override
    public synchronized void leave() {
        if (life.getAndSet(Life.DESTROYED) == Life.DESTROYED) {
            return;
        }
        wayOut.close();
        if (stage instanceof Stage.Reached reached) {
            reached.link().close();
        }
        onDestroyed.run();
        DriverMessage.VM_LEFT.log(name());
    }

    /** Nothing where nobody would hear it. The clock is put right with the same message. Signs of life are not asked for any more: the answer is waited for as long as it may take. */
    @Override
    public void farewell(Duration grace) {
        if (!hearsItsEnd) {
            return;
        }
        synchronized (turn) {
            if (alive() == Life.PAUSED) {
                machine.resume();
                restless = true;
                life.compareAndSet(Life.PAUSED, Life.RUNNING);
            }
        }
        control().end(grace);
    }

    @Override
    public synchronized MeterReading destroy() {
        life.set(Life.DESTROYED);
        wayOut.close();
        if (stage instanceof Stage.Reached reached) {
            reached.link().close();
        }
        lastWords.keep();
        MeterReading last = machine.destroy();
        onDestroyed.run();
        return last;
    }
}
