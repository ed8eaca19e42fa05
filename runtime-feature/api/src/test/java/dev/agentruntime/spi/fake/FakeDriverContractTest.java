package dev.agentruntime.spi.fake;

import dev.agentruntime.api.GuestStream;
import dev.agentruntime.api.Target;
import dev.agentruntime.spi.AgentSpec;
import dev.agentruntime.spi.AgentTemplate;
import dev.agentruntime.spi.Artifact;
import dev.agentruntime.spi.Vm;
import dev.agentruntime.spi.VmDriver;
import dev.agentruntime.spi.VmDriverContract;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;

final class FakeDriverContractTest extends VmDriverContract {

    private final FakeDriver driver = new FakeDriver();
    private final AgentTemplate template = driver.prepare(
            new AgentSpec("echo", new Artifact(Artifact.Kind.WAR, Path.of("echo.war"), "ab".repeat(32)), 1L << 30, 1), step -> { });

    @AfterEach
    void close() {
        driver.close();
    }

    @Override
    protected VmDriver driver() {
        return driver;
    }

    @Override
    protected AgentTemplate template() {
        return template;
    }

    @Override
    protected String dial(Vm vm, Target target, String text) throws Exception {
        try (GuestStream stream = ((FakeVm) vm).openFromGuest(target)) {
            send(stream, text);
            stream.shutdownOutput();
            return drain(stream);
        } catch (IOException e) {
            return REFUSED;
        }
    }
}
