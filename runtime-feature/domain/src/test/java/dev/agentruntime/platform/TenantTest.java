package dev.agentruntime.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.agents.AgentConfig;
import dev.agentruntime.agents.PoolBounds;
import dev.agentruntime.agents.Sharing;
import dev.agentruntime.api.AgentRuntimeView;
import dev.agentruntime.api.Caller;
import dev.agentruntime.api.StartMode;
import dev.agentruntime.api.Tenant;
import dev.agentruntime.spi.NoRoomException;
import dev.agentruntime.spi.fake.FakeDriver;
import dev.agentruntime.spi.fake.FakeVm;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class TenantTest extends PlatformTestBase {

    private static final Caller RED_ALICE = Caller.of(ALICE.subject(), "red", false);
    private static final Caller RED_BOB = Caller.of(BOB.subject(), "red", false);
    private static final Caller BLUE_ALICE = Caller.of(ALICE.subject(), "blue", false);
    private static final Caller RED_ALICE_ELSEWHERE = Caller.of(ALICE_ELSEWHERE.subject(), "red", false);
    private static final Caller BLUE_ADMIN = Caller.of(ADMIN.subject(), "blue", true);

    @Test
    void theTenantReachesTheDriver() {
        startApart();
        assertThat(served(ID, RED_ALICE).tenant()).hasValue(new Tenant("https://idp", Tenant.Kind.NAMED, "red"));
    }

    @Test
    void membersOfOneTenantShareAndOthersDoNot() {
        startApart();
        Optional<Tenant> red = served(ID + "-1", RED_ALICE).tenant();
        assertThat(served(ID + "-2", RED_BOB).tenant()).isEqualTo(red);
        assertThat(served(ID + "-3", BLUE_ALICE).tenant()).isPresent().isNotEqualTo(red);
        assertThat(served(ID + "-4", RED_ALICE_ELSEWHERE).tenant()).isPresent().isNotEqualTo(red);
    }

    @Test
    void whoHasNoTenantSharesWithNobody() {
        startApart();
        Optional<Tenant> alice = served(ID + "-1", ALICE).tenant();
        assertThat(served(ID + "-2", ALICE).tenant()).isPresent().isEqualTo(alice);
        assertThat(served(ID + "-3", BOB).tenant()).isPresent().isNotEqualTo(alice);
        assertThat(served(ID + "-4", ALICE_ELSEWHERE).tenant()).isPresent().isNotEqualTo(alice);
        assertThat(served(ID + "-5", Caller.of(BOB.subject(), "alice", false)).tenant()).isPresent().isNotEqualTo(alice);
    }

    @Test
    void aSessionThatAnAdminBeginsAnewForItsOwnerIsNotOfTheAdminsTenant() {
        startApart();
        served(ID, RED_ALICE);
        get(platform.stop("hello", ID, RED_ALICE));
        assertThat(served(ID, BLUE_ADMIN).tenant()).hasValue(new Tenant("https://idp", Tenant.Kind.ALONE, "alice"));
    }

    @Test
    void tenantsAreNoMatterWhereAVersionIsShared() {
        startReady();
        assertThat(served(ID, RED_ALICE).tenant()).isEmpty();
    }

    @Test
    void noVmWaitsForATenant() {
        pool = new PoolBounds(2, 4);
        startApart();
        served(ID, RED_ALICE);
        IntStream.range(0, 5).forEach(i -> platform.tick());
        assertThat(driver.live()).extracting(FakeVm::startMode).containsExactly(StartMode.CLONE);
        assertThat(platform.runtime("hello").pooled()).isZero();
    }

    @Test
    void vmsThatWaitedAreNotForTenantsThatAreKeptApartFromNowOn() {
        pool = new PoolBounds(2, 2);
        startReady();
        await().until(() -> {
            platform.tick();
            return platform.runtime("hello").pooled() == 2;
        });
        platform.update(config(apart()));
        assertThat(served(ID, RED_ALICE).tenant()).isPresent();
        await().until(() -> {
            platform.tick();
            return driver.live().size() == 1;
        });
    }

    @Test
    void aTenantsSessionThatFindsNoRoomGetsThatOfVmsThatWaitForOthers() throws Exception {
        pool = new PoolBounds(1, 1);
        start(config(apart(), agent("other", war("other.war", "version 1"))));
        awaitStatus("hello", AgentRuntimeView.Status.READY);
        await().until(() -> {
            platform.tick();
            return platform.runtime("other").pooled() == 1;
        });
        driver.failures().next(FakeDriver.Step.START, new NoRoomException("No memory on the host.", 1 << 30));
        assertThat(served(ID, RED_ALICE).tenant()).isPresent();
        assertThat(driver.live()).hasSize(1);
    }

    private void startApart() {
        start(config(apart()));
        awaitStatus("hello", AgentRuntimeView.Status.READY);
    }

    private AgentConfig apart() {
        AgentConfig hello = hello();
        return new AgentConfig(hello.name(), hello.location(), hello.memoryBytes(), hello.vcpus(), hello.pool(),
                Sharing.TENANT);
    }
}
