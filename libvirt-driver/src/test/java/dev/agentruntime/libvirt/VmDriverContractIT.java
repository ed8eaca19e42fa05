package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.api.Target;
import dev.agentruntime.spi.AgentTemplate;
import dev.agentruntime.spi.Vm;
import dev.agentruntime.spi.VmDriver;
import dev.agentruntime.spi.VmDriverContract;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The contract of every driver, kept on real VMs, with -Dvm=true. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class VmDriverContractIT extends VmDriverContract {

    private final RealHost host = new RealHost();
    private AgentTemplate template;

    @BeforeAll
    void prepare() throws Exception {
        template = host.prepare("contract");
    }

    @AfterAll
    void close() {
        template.close();
        host.close();
    }

    @Override
    protected VmDriver driver() {
        return host.driver();
    }

    @Override
    protected AgentTemplate template() {
        return template;
    }

    @Test
    void anApplicationHasBeenStoppedWhenItsGuestHasHeardOfTheEnd() {
        inSession(vm -> {
            long begun = System.nanoTime();
            vm.farewell(Duration.ofSeconds(60));
            System.out.println("The farewell took " + Duration.ofNanos(System.nanoTime() - begun).toMillis() + " ms.");
            assertThat(vm.logTail(50)).anyMatch(line -> line.endsWith("goodbye")).anyMatch(line -> line.contains("CWWKZ0009I"));
        });
    }

    @Override
    protected String dial(Vm vm, Target target, String text) throws Exception {
        String address = target.name().equals("proxy") ? "host=127.0.0.1&port=3128"
                : target.name().equals("outbound/db") ? "host=db.outbound&port=5432" : "host=echo.outbound&port=7000";
        String answer = exchange(vm, "GET /dial?" + address + "&text=" + text + " HTTP/1.1\r\nHost: agent\r\nConnection: close\r\n\r\n");
        return answer.substring(answer.indexOf("\r\n\r\n") + 4);
    }
}
