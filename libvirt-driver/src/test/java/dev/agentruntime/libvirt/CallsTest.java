package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.spi.HypervisorAwayException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.libvirt.Error.ErrorDomain;
import org.libvirt.Error.ErrorNumber;
import org.libvirt.Faults;
import org.libvirt.LibvirtException;

class CallsTest {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final FakeLibvirt libvirt = new FakeLibvirt();
    private final ScarceThreads threads = new ScarceThreads();
    private final AtomicReference<String> askedOn = new AtomicReference<>("nobody");
    private final Connector connector = new Connector(List.of(FakeLibvirt.URI), this::open, FakeHost.LIMITS, threads);
    private final Calls calls = new Calls(connector, FakeHost.LIMITS);

    @AfterEach
    void close() {
        connector.close();
        libvirt.close();
    }

    /** A connection that remembers on which thread it was asked whether it lives. */
    private HypervisorConnection open(String uri) throws LibvirtException {
        HypervisorConnection real = libvirt.open(uri);
        return (HypervisorConnection) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {HypervisorConnection.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("alive")) {
                        askedOn.set(Thread.currentThread().getName());
                    }
                    return method.invoke(real, arguments);
                });
    }

    private static int refused(HypervisorConnection connection) throws LibvirtException {
        throw Faults.of(ErrorNumber.VIR_ERR_NO_DOMAIN, ErrorDomain.VIR_FROM_QEMU, "Domain not found");
    }

    @Test
    void whetherAConnectionLivesIsAskedByTheCallThatStillHoldsIt() {
        assertThatThrownBy(() -> calls.make("Looking", LIMIT, CallsTest::refused)).isInstanceOf(LibvirtException.class);
        assertThat(askedOn.get()).as("another thread may be freeing it").startsWith("scarce-");
    }

    @Test
    void whoIsInterruptedDoesNotKnowWhatBecameOfTheCall() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        CompletableFuture<Throwable> told = new CompletableFuture<>();
        Thread caller = new Thread(() -> {
            try {
                calls.make("Creating", LIMIT, connection -> {
                    begun.countDown();
                    return uninterrupted(end);
                });
            } catch (Exception e) {
                told.complete(Thread.currentThread().isInterrupted() ? e : new AssertionError("the interrupt was forgotten", e));
            }
        });
        caller.start();
        begun.await();
        caller.interrupt();
        assertThat(told).succeedsWithin(LIMIT).isInstanceOf(HypervisorAwayException.class);
        end.countDown();
    }

    private static int uninterrupted(CountDownLatch end) {
        try {
            end.await();
            return 0;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void withoutAThreadForACallTheHypervisorIsAwayForAMoment() throws Exception {
        calls.make("Asking", LIMIT, HypervisorConnection::ping);
        threads.exhaust();
        assertThatThrownBy(() -> calls.make("Asking", LIMIT, HypervisorConnection::ping)).isInstanceOf(HypervisorAwayException.class)
                .hasMessageContainingAll("Asking failed", "unable to create native thread");
        threads.recover();
        assertThat(calls.<Integer>make("Asking", LIMIT, HypervisorConnection::ping)).isZero();
    }

    @Test
    void withoutAThreadToConnectOnAConnectionIsMadeOnceThereIsOne() {
        threads.exhaust();
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> calls.make("Asking", LIMIT, HypervisorConnection::ping))
                    .isInstanceOf(HypervisorAwayException.class).hasMessageContaining("no thread left");
        }
        threads.recover();
        await().atMost(LIMIT).ignoreExceptions().until(() -> calls.<Integer>make("Asking", LIMIT, HypervisorConnection::ping) == 0);
    }
}
