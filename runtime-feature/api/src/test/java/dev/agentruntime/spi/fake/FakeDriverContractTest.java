package dev.agentruntime.spi.fake;

import dev.agentruntime.spi.AgentSpec;
import dev.agentruntime.spi.AgentTemplate;
import dev.agentruntime.spi.Artifact;
import dev.agentruntime.spi.VmDriver;
import dev.agentruntime.spi.VmDriverContract;
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
}
