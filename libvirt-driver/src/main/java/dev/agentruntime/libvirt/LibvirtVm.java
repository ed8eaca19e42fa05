package dev.agentruntime.libvirt;

import dev.agentruntime.api.GuestStream;
import dev.agentruntime.api.PingAnswer;
import dev.agentruntime.api.StartMode;
import dev.agentruntime.api.Target;
import dev.agentruntime.channel.HostLink;
import dev.agentruntime.channel.Targets;
import dev.agentruntime.spi.GuestStreams;
import dev.agentruntime.spi.MeterReading;
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
    private static final Duration PROCESS_END_LIMIT = Duration.ofSeconds(3);
    private static final int KEPT_LINES = 200;

    private enum Life { RUNNING, PAUSED, ENDED, DESTROYED }

    private final RunningMachine machine;
    private final HostLinks links;
    private final StartMode startMode;
    private final Executor executor;
    private final Runnable onDestroyed;
    private final CompletableFuture<String> death = new CompletableFuture<>();
    private final AtomicReference<Life> life;
    private final AtomicReference<List<String>> lastLines = new AtomicReference<>(List.of());
    private volatile Standing standing;

    /** @param onDestroyed run when the VM is proven gone */
    LibvirtVm(RunningMachine machine, Standing standing, HostLinks links, StartMode startMode, Executor executor, Runnable onDestroyed) {
        this.machine = machine;
        this.links = links;
        this.startMode = startMode;
        this.executor = executor;
        this.onDestroyed = onDestroyed;
        this.standing = standing;
        this.life = new AtomicReference<>(standing instanceof Standing.Reached ? Life.RUNNING : Life.PAUSED);
        if (standing instanceof Standing.Reached reached) {
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
        new WarmUp(link, name()).prime(rounds);
        standing = new Standing.Primed(link);
        pause();
    }

    @Override
    public void begin(String sessionId) {
        move(Life.PAUSED, Life.RUNNING, this::arrive);
        if (!(standing instanceof Standing.Primed)) {
            control().renew(name());
        }
        control().begin(sessionId);
    }

    /** From where it waits to where its guest answers. */
    private void arrive() {
        Standing from = standing;
        if (from instanceof Standing.Shell shell) {
            machine.load(shell.state());
        }
        machine.resume();
        if (!(from instanceof Standing.Reached)) {
            HostLink link = links.connect(machine, LINK_LIMIT);
            standing = new Standing.Linked(link);
            link.closed().thenAcceptAsync(this::ended, executor);
            if (life.get() == Life.DESTROYED) {
                link.close();
            }
        }
    }

    private HostLink link() {
        if (standing instanceof Standing.Reached reached) {
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

    /** No guest can open a stream on this link: it has no room for them. */
    @Override
    public void onStream(GuestStreams streams) {
        // Nothing will ever arrive.
    }

    @Override
    public PingAnswer.Replied ping(Duration timeout) {
        return control().ping(timeout);
    }

    @Override
    public MeterReading read() {
        return machine.read();
    }

    @Override
    public List<String> logTail(int lines) {
        if (life.get() == Life.RUNNING) {
            try {
                return control().log(lines, LOG_LIMIT);
            } catch (VmException e) {
                return console(lines);
            }
        }
        return console(lines);
    }

    private List<String> console(int lines) {
        List<String> now = machine.console().tail(lines);
        List<String> kept = now.isEmpty() ? lastLines.get() : now;
        return kept.subList(Math.max(0, kept.size() - lines), kept.size());
    }

    @Override
    public void pause() {
        move(Life.RUNNING, Life.PAUSED, machine::suspend);
    }

    @Override
    public void resume() {
        move(Life.PAUSED, Life.RUNNING, () -> {
            machine.resume();
            control().setClock();
        });
    }

    private void move(Life from, Life to, Runnable how) {
        if (life.compareAndSet(from, to)) {
            try {
                how.run();
            } catch (VmException e) {
                life.compareAndSet(to, from);
                throw e;
            }
        }
    }

    @Override
    public CompletionStage<String> death() {
        return death.minimalCompletionStage();
    }

    private void ended(String linkSays) {
        Life before = life.getAndUpdate(now -> now == Life.DESTROYED ? now : Life.ENDED);
        if (before == Life.DESTROYED) {
            return;
        }
        machine.process().ifPresent(process -> process.awaitEnd(PROCESS_END_LIMIT));
        List<String> tail = machine.console().tail(KEPT_LINES);
        lastLines.set(tail);
        String sentence = Obituary.of(machine.process(), linkSays, tail);
        if (life.get() != Life.DESTROYED) {
            DriverMessage.VM_DIED.log(name(), sentence);
            death.complete(sentence);
        }
    }

    @Override
    public synchronized MeterReading destroy() {
        life.set(Life.DESTROYED);
        if (standing instanceof Standing.Reached reached) {
            reached.link().close();
        }
        List<String> tail = machine.console().tail(KEPT_LINES);
        if (!tail.isEmpty()) {
            lastLines.set(tail);
        }
        MeterReading last = machine.destroy();
        onDestroyed.run();
        return last;
    }
}
