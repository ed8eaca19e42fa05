package dev.agentruntime.liberty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.api.Platform;
import dev.agentruntime.api.PlatformListener;
import dev.agentruntime.spi.DriverSettings;
import dev.agentruntime.spi.VmDriver;
import dev.agentruntime.spi.fake.FakeDriver;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AgentRuntimeComponentTest {

    @TempDir
    Path folder;

    private final List<String> serverIds = new ArrayList<>();
    private final Map<String, Object> properties = new HashMap<>();
    private final List<TestServer> servers = new ArrayList<>();
    private RuntimeException refusal = new IllegalArgumentException("hypervisor 'lxc' must be auto or a connection URI");

    @AfterEach
    void stop() {
        servers.forEach(TestServer::close);
    }

    @Test
    void aCorrectedDriverSettingHealsWhatWasPublishedBefore() {
        properties.put("hypervisor", "lxc");
        TestServer server = start();
        Platform platform = server.platform();
        PlatformListener listener = new PlatformListener() {};
        platform.listen(listener);
        assertThat(platform.status().hypervisor().reachable()).isFalse();
        assertThat(platform.status().hypervisor().description()).contains("hypervisor 'lxc'");

        properties.put("hypervisor", "auto");
        server.component.modified(properties);
        assertThat(server.published).containsExactly(platform);
        assertThat(platform.status().hypervisor().reachable()).isTrue();
        await().untilAsserted(() -> assertThat(platform.status().started()).isTrue());
    }

    @Test
    void aSettingThatIsWrongAgainIsToldAndCanBeCorrectedAgain() {
        properties.put("hypervisor", "lxc");
        TestServer server = start();
        refusal = new IllegalStateException("libvirt is not there");
        server.component.modified(properties);
        assertThat(server.platform().status().hypervisor().description()).contains("libvirt is not there");
        properties.put("hypervisor", "auto");
        server.component.modified(properties);
        assertThat(server.platform().status().hypervisor().reachable()).isTrue();
    }

    @Test
    void aChangedAttributeReachesThePlatformThatRuns() {
        TestServer server = start();
        properties.put("tenantClaim", "org");
        server.component.modified(properties);
        assertThat(server.platform().tenantClaim()).isEqualTo("org");
    }

    @Test
    void aServerKeepsItsIdAndOneSetUpAlikeElsewhereHasAnother() {
        start();
        start();
        properties.put("serverDirectory", folder.resolve("other").toString());
        start();
        assertThat(serverIds).hasSize(3).allMatch(id -> id.matches("defaults[a-z0-9]{8}"));
        assertThat(serverIds.get(0)).isEqualTo(serverIds.get(1)).isNotEqualTo(serverIds.get(2));
        assertThat(Files.exists(folder.resolve("other/agent-runtime/server-id"))).isTrue();
    }

    @Test
    void nothingIsPublishedAfterTheEnd() {
        TestServer server = start();
        Platform kept = server.platform();
        server.close();
        servers.clear();
        assertThat(server.published).isEmpty();
        assertThatThrownBy(() -> kept.runtime("hello")).hasMessage("The agent runtime has been stopped.");
    }

    private TestServer start() {
        properties.putIfAbsent("serverDirectory", folder.resolve("server").toString());
        properties.putIfAbsent("serverName", "defaultServer");
        properties.putIfAbsent("dropins", folder.resolve("dropins").toString());
        TestServer server = new TestServer(this::open, properties);
        servers.add(server);
        return server;
    }

    private VmDriver open(DriverSettings settings) {
        if (settings.hypervisor().equals("lxc")) {
            throw refusal;
        }
        serverIds.add(settings.serverId());
        return new FakeDriver();
    }
}
