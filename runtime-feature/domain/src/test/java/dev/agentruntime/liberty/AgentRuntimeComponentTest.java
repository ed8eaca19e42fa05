package dev.agentruntime.liberty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.api.Platform;
import dev.agentruntime.api.PlatformListener;
import dev.agentruntime.spi.DriverSettings;
import dev.agentruntime.spi.VmDriver;
import dev.agentruntime.spi.VmDriverProvider;
import dev.agentruntime.spi.fake.FakeDriver;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

final class AgentRuntimeComponentTest {

    @TempDir
    Path folder;

    private final List<Platform> published = new ArrayList<>();
    private final List<String> serverIds = new ArrayList<>();
    private final Map<String, Object> properties = new HashMap<>();
    private final List<AgentRuntimeComponent> components = new ArrayList<>();
    private RuntimeException refusal = new IllegalArgumentException("hypervisor 'lxc' must be auto or a connection URI");

    @AfterEach
    void stop() {
        components.forEach(AgentRuntimeComponent::deactivate);
    }

    @Test
    void aCorrectedDriverSettingHealsWhatWasPublishedBefore() {
        properties.put("hypervisor", "lxc");
        AgentRuntimeComponent component = start();
        Platform platform = published.get(0);
        PlatformListener listener = new PlatformListener() {};
        platform.listen(listener);
        assertThat(platform.status().hypervisor().reachable()).isFalse();
        assertThat(platform.status().hypervisor().description()).contains("hypervisor 'lxc'");

        properties.put("hypervisor", "auto");
        component.modified(properties);
        assertThat(published).hasSize(1);
        assertThat(platform.status().hypervisor().reachable()).isTrue();
        await().untilAsserted(() -> assertThat(platform.status().started()).isTrue());
    }

    @Test
    void aSettingThatIsWrongAgainIsToldAndCanBeCorrectedAgain() {
        properties.put("hypervisor", "lxc");
        AgentRuntimeComponent component = start();
        refusal = new IllegalStateException("libvirt is not there");
        component.modified(properties);
        assertThat(published.get(0).status().hypervisor().description()).contains("libvirt is not there");
        properties.put("hypervisor", "auto");
        component.modified(properties);
        assertThat(published.get(0).status().hypervisor().reachable()).isTrue();
    }

    @Test
    void aChangedAttributeReachesThePlatformThatRuns() {
        AgentRuntimeComponent component = start();
        properties.put("tenantClaim", "org");
        component.modified(properties);
        assertThat(published.get(0).tenantClaim()).isEqualTo("org");
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
        start().deactivate();
        components.clear();
        assertThat(published).isEmpty();
    }

    private AgentRuntimeComponent start() {
        properties.putIfAbsent("serverDirectory", folder.resolve("server").toString());
        properties.putIfAbsent("serverName", "defaultServer");
        properties.putIfAbsent("dropins", folder.resolve("dropins").toString());
        VmDriverProvider drivers = this::open;
        AgentRuntimeComponent component = new AgentRuntimeComponent(drivers, bundles(), properties);
        components.add(component);
        return component;
    }

    private VmDriver open(DriverSettings settings) {
        if (settings.hypervisor().equals("lxc")) {
            throw refusal;
        }
        serverIds.add(settings.serverId());
        return new FakeDriver();
    }

    private BundleContext bundles() {
        return fake(BundleContext.class, (method, arguments) -> {
            if (!method.equals("registerService")) {
                return null;
            }
            Platform platform = (Platform) arguments[1];
            published.add(platform);
            return fake(ServiceRegistration.class, (unregister, none) -> published.remove(platform));
        });
    }

    private interface Answer {
        Object to(String method, Object[] arguments);
    }

    private static <T> T fake(Class<T> type, Answer answer) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
            Object value = answer.to(method.getName(), arguments);
            return method.getReturnType() == void.class ? null : value;
        }));
    }
}
