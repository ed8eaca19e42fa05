package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.api.Tenant;
import dev.agentruntime.spi.Additions;
import dev.agentruntime.spi.AgentPaths;
import dev.agentruntime.spi.AgentSpec;
import dev.agentruntime.spi.Artifact;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemplateKeysTest {

    private static final GuestImage IMAGE = new GuestImage("abcdef12", Path.of("/i/vmlinuz"), Path.of("/i/initrd"), Path.of("/i/rehearsal.war"));

    @Test
    void everythingThatMattersChangesTheKey() {
        List<String> keys = List.of(
                TemplateKeys.base(host("7.2/1/1", "pc-q35-7.2", Acceleration.TCG, "c"), IMAGE, 1 << 30, 1),
                TemplateKeys.base(host("7.2/1/2", "pc-q35-7.2", Acceleration.TCG, "c"), IMAGE, 1 << 30, 1),
                TemplateKeys.base(host("7.2/1/1", "pc-q35-8.2", Acceleration.TCG, "c"), IMAGE, 1 << 30, 1),
                TemplateKeys.base(host("7.2/1/1", "pc-q35-7.2", Acceleration.KVM, "c"), IMAGE, 1 << 30, 1),
                TemplateKeys.base(host("7.2/1/1", "pc-q35-7.2", Acceleration.TCG, "d"), IMAGE, 1 << 30, 1),
                TemplateKeys.base(host("7.2/1/1", "pc-q35-7.2", Acceleration.TCG, "c"), new GuestImage("12345678", IMAGE.kernel(), IMAGE.initrd(), IMAGE.rehearsal()), 1 << 30, 1),
                TemplateKeys.base(host("7.2/1/1", "pc-q35-7.2", Acceleration.TCG, "c"), IMAGE, 2L << 30, 1),
                TemplateKeys.base(host("7.2/1/1", "pc-q35-7.2", Acceleration.TCG, "c"), IMAGE, 1 << 30, 2));
        assertThat(keys).doesNotHaveDuplicates().allMatch(key -> key.matches("[0-9a-f]{64}"));
    }

    @Test
    void anAgentsKeyDependsOnItsWarItsBaseItsFeaturesItsConfigurationAndItsDriversOnly(@TempDir Path folder) {
        FakeHost host = new FakeHost(folder);
        try (host) {
            String key = TemplateKeys.agent("base", agent(host, "one", "d1", List.of(), Optional.empty()));
            assertThat(TemplateKeys.agent("base", agent(host, "two", "d1", List.of(), Optional.empty()))).isEqualTo(key);
            assertThat(TemplateKeys.agent("base", agent(host, "one", "d1", List.of("servlet"), Optional.empty()))).as("every guest has it").isEqualTo(key);
            assertThat(List.of(key,
                    TemplateKeys.agent("base", agent(host, "one", "d2", List.of(), Optional.empty())),
                    TemplateKeys.agent("other", agent(host, "one", "d1", List.of(), Optional.empty())),
                    TemplateKeys.agent("base", agent(host, "one", "d1", List.of("mail"), Optional.empty())),
                    TemplateKeys.agent("base", agent(host, "one", "d1", List.of("mail", "pages"), Optional.empty())),
                    TemplateKeys.agent("base", agent(host, "one", "d1", List.of(), Optional.of("<server/>"))),
                    TemplateKeys.agent("base", agent(host, "one", "d1", List.of(), Optional.of("<server> </server>"))),
                    TemplateKeys.agent("base", withWarmup(host, "/warm")), TemplateKeys.agent("base", withWarmup(host, "/warmer")),
                    TemplateKeys.agent("base", withDrivers(host, "e1")), TemplateKeys.agent("base", withDrivers(host, "e2")))).doesNotHaveDuplicates();
        }
    }

    private static AgentWar withWarmup(FakeHost host, String path) {
        return AgentWar.of(new AgentSpec("one", new Artifact(Artifact.Kind.WAR, host.image.resolve("agent.war"), "d1"), 1, 1,
                new AgentPaths("/ping", "/invocations", Optional.of(path)), Additions.NONE), host.plan.image());
    }

    private static AgentWar withDrivers(FakeHost host, String digest) {
        Artifact drivers = new Artifact(Artifact.Kind.LIBRARIES, host.image.resolve("agent.war"), digest);
        return AgentWar.of(new AgentSpec("one", new Artifact(Artifact.Kind.WAR, host.image.resolve("agent.war"), "d1"), 1, 1,
                AgentPaths.STANDARD, new Additions(List.of(), Optional.empty(), Optional.of(drivers))), host.plan.image());
    }

    private static AgentWar agent(FakeHost host, String name, String digest, List<String> features, Optional<String> configuration) {
        return AgentWar.of(new AgentSpec(name, new Artifact(Artifact.Kind.WAR, host.image.resolve("agent.war"), digest), 1, 1, AgentPaths.STANDARD, new Additions(features, configuration, Optional.empty())),
                host.plan.image());
    }

    @Test
    void aCopysKeyDependsOnItsOriginalAndAllOfItsTenant() {
        assertThat(List.of(
                TemplateKeys.copy("agent", new Tenant("https://idp", Tenant.Kind.NAMED, "a")),
                TemplateKeys.copy("agent", new Tenant("https://idp", Tenant.Kind.ALONE, "a")),
                TemplateKeys.copy("agent", new Tenant("https://idp", Tenant.Kind.NAMED, "b")),
                TemplateKeys.copy("agent", new Tenant("https://other", Tenant.Kind.NAMED, "a")),
                TemplateKeys.copy("newer", new Tenant("https://idp", Tenant.Kind.NAMED, "a"))))
                .doesNotHaveDuplicates().allMatch(key -> key.matches("[0-9a-f]{64}"));
    }

    @Test
    void partsCannotRunIntoEachOther() {
        assertThat(Digests.sha256("ab", "c")).isNotEqualTo(Digests.sha256("a", "bc"));
    }

    private static HostProfile host(String stamp, String machine, Acceleration acceleration, String cpu) {
        return new HostProfile(Path.of("/usr/bin/qemu-system-x86_64"), stamp, machine, new Verdict(acceleration, CpuModel.parse("host"), Duration.ZERO, ""), cpu, Optional.empty());
    }
}
