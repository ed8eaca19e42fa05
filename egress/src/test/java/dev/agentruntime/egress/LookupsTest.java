package dev.agentruntime.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.net.Host;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A resolver that hangs for some names. */
class LookupsTest {

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final CountDownLatch answers = new CountDownLatch(1);
    private final Lookups lookups = new Lookups(this::resolve);

    private InetAddress[] resolve(String name) throws UnknownHostException {
        asked.add(name);
        if (name.startsWith("slow")) {
            try {
                answers.await();
            } catch (InterruptedException closed) {
                throw new UnknownHostException(name);
            }
        }
        return new InetAddress[] {InetAddress.getByName("192.0.2.7")};
    }

    @AfterEach
    void close() {
        lookups.close();
    }

    private static List<CompletableFuture<List<InetAddress>>> find(Lookups.Share share, int count) {
        List<CompletableFuture<List<InetAddress>>> found = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            found.add(share.find(Host.parse("slow" + i + ".example")));
        }
        return found;
    }

    private static void assertThatItIsServed(Lookups.Share share) throws Exception {
        assertThat(share.find(Host.parse("good.example")).get(10, TimeUnit.SECONDS)).hasSize(1);
    }

    @Test
    void aSessionWhoseNamesAreNeverAnsweredHoldsUpNoOtherOfItsAgent() throws Exception {
        find(lookups.share("hello"), 36);
        assertThatItIsServed(lookups.share("hello"));
    }

    @Test
    void anAgentWhoseNamesAreNeverAnsweredHoldsUpNoOtherAgent() throws Exception {
        for (int session = 0; session < 20; session++) {
            find(lookups.share("hello"), 36);
        }
        assertThatItIsServed(lookups.share("other"));
    }

    @Test
    void twentyAgentsWhoseNamesAreNeverAnsweredHoldUpNoOther() throws Exception {
        for (int agent = 0; agent < 20; agent++) {
            find(lookups.share("agent-" + agent), 36);
            find(lookups.share("agent-" + agent), 36);
        }
        await().until(() -> asked.size() == 160);
        assertThatItIsServed(lookups.share("other"));
    }

    @Test
    void namesBeyondTheSessionsShareAreRefusedAtOnce() {
        Lookups.Share share = lookups.share("hello");
        find(share, 36);
        assertThatThrownBy(() -> share.find(Host.parse("more.example")).get(10, TimeUnit.SECONDS)).hasMessageContaining("cannot be looked up now");
    }

    @Test
    void aNameThatIsAskedForSeveralTimesAtOnceIsLookedUpOnce() throws Exception {
        Lookups.Share share = lookups.share("hello");
        List<CompletableFuture<List<InetAddress>>> found = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            found.add(share.find(Host.parse("slow.example")));
        }
        answers.countDown();
        for (CompletableFuture<List<InetAddress>> one : found) {
            assertThat(one.get(10, TimeUnit.SECONDS)).hasSize(1);
        }
        assertThat(asked).containsExactly("slow.example");
    }

    @Test
    void aNameThatNobodyWaitsForAnyMoreIsNotAskedFor() throws Exception {
        Lookups.Share share = lookups.share("hello");
        List<CompletableFuture<List<InetAddress>>> found = find(share, 36);
        await().until(() -> asked.size() == 4);
        found.forEach(one -> one.cancel(false));
        CompletableFuture<List<InetAddress>> last = share.find(Host.parse("good.example"));
        await().during(Duration.ofMillis(200)).until(() -> !last.isDone());
        answers.countDown();
        assertThat(last.get(10, TimeUnit.SECONDS)).hasSize(1);
        assertThat(asked).hasSize(5).endsWith("good.example");
    }

    @Test
    void aNameIsLookedUpForWhoStillWaitsWhenAnotherHasLeft() throws Exception {
        Lookups.Share share = lookups.share("hello");
        find(share, 4);
        CompletableFuture<List<InetAddress>> leaves = share.find(Host.parse("good.example"));
        CompletableFuture<List<InetAddress>> stays = share.find(Host.parse("good.example"));
        leaves.cancel(false);
        answers.countDown();
        assertThat(stays.get(10, TimeUnit.SECONDS)).hasSize(1);
    }
}
