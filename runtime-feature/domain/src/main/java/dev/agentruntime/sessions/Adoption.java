package dev.agentruntime.sessions;

import dev.agentruntime.api.PlainText;
import dev.agentruntime.api.SnapshotKey;
import dev.agentruntime.api.StartMode;
import dev.agentruntime.spi.FoundVm;
import dev.agentruntime.spi.HypervisorAwayException;
import dev.agentruntime.spi.Snapshot;
import dev.agentruntime.spi.Vm;
import dev.agentruntime.spi.VmDriver;
import dev.agentruntime.store.Kept;
import dev.agentruntime.store.SessionRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.logging.Logger;
import java.util.stream.Collectors;

/** Goes on with the sessions of an earlier run whose VMs are there. Blocks for as long as their guests take to answer. */
final class Adoption {

    private static final Logger LOG = Logger.getLogger(Adoption.class.getName());

    private final VmDriver driver;
    private final Recovery recovery;
    private final Sessions sessions;
    private final Settlement settlement;
    private final Executor threads;
    /** Each wakes a guest: more at once than there are processors only slow each other. */
    private final Semaphore places = new Semaphore(Math.max(2, Runtime.getRuntime().availableProcessors()));

    /** @param settlement told of each session as soon as it is known what becomes of it */
    Adoption(VmDriver driver, Recovery recovery, Sessions sessions, Settlement settlement, Executor threads) {
        this.driver = driver;
        this.recovery = recovery;
        this.sessions = sessions;
        this.settlement = settlement;
        this.threads = threads;
    }

    /** Returns the names of VMs that may be adopted yet: it is to be tried again. */
    Set<String> adopt(List<FoundVm> found) {
        Map<String, FoundVm> byName = found.stream().collect(Collectors.toMap(FoundVm::name, Function.identity()));
        Set<String> later = ConcurrentHashMap.newKeySet();
        List<CompletableFuture<Void>> all = new ArrayList<>();
        List<SessionRecord> candidates = recovery.candidates();
        settlement.looking(candidates.stream().map(Adoption::key).collect(Collectors.toSet()));
        try {
            for (SessionRecord session : candidates) {
                String vm = session.view().vm().orElseThrow();
                Optional<SnapshotKey> saved = session.kept().flatMap(Kept::snapshot);
                boolean lives = Optional.ofNullable(byName.get(vm)).filter(there -> there.state() != FoundVm.State.ENDED).isPresent();
                if (saved.isEmpty() && !lives) {
                    lost(session, EndReason.diedMeanwhile());
                } else {
                    places.acquireUninterruptibly();
                    all.add(started(() -> takeUp(session, saved, lives ? Optional.of(vm) : Optional.empty(), later)));
                }
            }
        } finally { // none is under way any more when it is looked again
            all.forEach(CompletableFuture::join);
            settlement.looked();
        }
        return Set.copyOf(later);
    }

    private CompletableFuture<Void> started(Runnable one) {
        try {
            return CompletableFuture.runAsync(one, threads).whenComplete((done, failure) -> places.release());
        } catch (RuntimeException | Error noThread) {
            places.release();
            throw noThread;
        }
    }

    /** Where both are there, the crash came before the VM was destroyed, which has stood still since it was written down. */
    private void takeUp(SessionRecord session, Optional<SnapshotKey> saved, Optional<String> vm, Set<String> later) {
        if (saved.isEmpty()) {
            adopt(session, vm.orElseThrow(), later);
            return;
        }
        Snapshot there;
        try {
            there = driver.reopen(saved.get());
        } catch (RuntimeException | Error e) {
            vm.ifPresentOrElse(name -> adopt(session, name, later), () -> lost(session, EndReason.cannotGoOn(String.valueOf(e.getMessage()))));
            return;
        }
        rest(session, there);
    }

    private void adopt(SessionRecord session, String name, Set<String> later) {
        Vm vm;
        try {
            vm = driver.adopt(name, session.view().startMode().orElse(StartMode.CLONE));
        } catch (HypervisorAwayException e) {
            later.add(name);
            return;
        } catch (RuntimeException | Error e) {
            lost(session, EndReason.cannotGoOn(String.valueOf(e.getMessage())));
            return;
        }
        try {
            if (sessions.goOn(session, session.kept().orElseThrow(), vm)) {
                recovery.goesOn(session);
                settlement.settled(key(session));
            } else {
                vm.leave();
                later.add(name);
            }
        } catch (RuntimeException | Error e) { // one that cannot be made of its record keeps no other, nor any agent, from its turn
            vm.leave();
            lost(session, EndReason.cannotGoOn(String.valueOf(e.getMessage())));
        }
    }

    /** It stays on the disk. */
    private void rest(SessionRecord session, Snapshot saved) {
        try {
            boolean goesOn = sessions.goOn(session, session.kept().orElseThrow(), saved);
            // Where it does not, the server is being stopped, and its next run finds it where it is.
            recovery.goesOn(session);
            if (goesOn) {
                settlement.settled(key(session));
            }
        } catch (RuntimeException | Error e) {
            saved.close();
            lost(session, EndReason.cannotGoOn(String.valueOf(e.getMessage())));
        }
    }

    private void lost(SessionRecord session, EndReason reason) {
        SessionMessage.SESSION_LOST.log(LOG, key(session), PlainText.of(reason.sentence()));
        recovery.ends(session, reason);
        settlement.settled(key(session));
    }

    private static SessionKey key(SessionRecord session) {
        return new SessionKey(session.view().runtime(), session.view().sessionId());
    }
}
