package dev.agentruntime.platform;

import static org.awaitility.Awaitility.await;

import dev.agentruntime.api.AgentRuntimeView;
import dev.agentruntime.api.SessionView;
import dev.agentruntime.sessions.Commands;
import dev.agentruntime.sessions.Limits;
import dev.agentruntime.sessions.OnStop;
import dev.agentruntime.sessions.Quotas;
import dev.agentruntime.sessions.SessionSettings;
import dev.agentruntime.sessions.Stopping;
import dev.agentruntime.spi.fake.FakeVm;
import dev.agentruntime.store.SessionRecord;
import java.time.Duration;
import java.util.Map;

/** A platform whose sessions go to the disk after two minutes of rest. */
abstract class HibernationTestBase extends PlatformTestBase {

    static final Duration HIBERNATE_AFTER = Duration.ofMinutes(2);

    final void startHibernating(long disk) {
        startHibernating(disk, new Stopping(OnStop.END, Duration.ZERO, Duration.ZERO));
    }

    final void startHibernating(long disk, Stopping stopping) {
        start(config(new SessionSettings(new Limits(Duration.ofMinutes(15), Duration.ofHours(8), Duration.ofMinutes(5), Duration.ofSeconds(2),
                Duration.ofSeconds(10), HIBERNATE_AFTER), Quotas.of(200, 100), Commands.ENTITLED, disk, Map.of(), stopping), hello()));
        awaitStatus("hello", AgentRuntimeView.Status.READY);
    }

    final FakeVm hibernated(String id) {
        FakeVm vm = resting(id);
        pass(HIBERNATE_AFTER);
        awaitHibernated(id);
        return vm;
    }

    /** Time goes on meanwhile: its VM stands still before the session knows that. */
    final void awaitHibernated(String id) {
        await().until(() -> view(id).status() == SessionView.Status.HIBERNATED || again());
    }

    /** A file goes a moment after what it was for. */
    final void awaitNothingOnTheDisk() {
        await().until(() -> driver.snapshots().isEmpty());
    }

    final SessionView view(String id) {
        return platform.session("hello", id, ALICE);
    }

    final SessionRecord row(String id) {
        return ledger.rows().stream().filter(row -> row.view().sessionId().equals(id)).reduce((first, last) -> last).orElseThrow();
    }

    /** Lets a moment pass; for those who wait for something else. */
    final boolean again() {
        pass(Duration.ofMillis(100));
        return false;
    }
}
