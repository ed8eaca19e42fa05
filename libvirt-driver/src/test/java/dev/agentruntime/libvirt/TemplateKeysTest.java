package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.api.Tenant;
import dev.agentruntime.spi.AgentSpec;
import dev.agentruntime.spi.Artifact;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

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
    void anAgentsKeyDependsOnItsWarAndItsBaseOnly() {
        String key = TemplateKeys.agent("base", new AgentSpec("one", new Artifact(Artifact.Kind.WAR, Path.of("/a.war"), "d1"), 1, 1));
        assertThat(TemplateKeys.agent("base", new AgentSpec("two", new Artifact(Artifact.Kind.WAR, Path.of("/b.war"), "d1"), 1, 1))).isEqualTo(key);
        assertThat(TemplateKeys.agent("base", new AgentSpec("one", new Artifact(Artifact.Kind.WAR, Path.of("/a.war"), "d2"), 1, 1))).isNotEqualTo(key);
        assertThat(TemplateKeys.agent("other", new AgentSpec("one", new Artifact(Artifact.Kind.WAR, Path.of("/a.war"), "d1"), 1, 1))).isNotEqualTo(key);
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
        return new HostProfile(Path.of("/usr/bin/qemu-system-x86_64"), stamp, machine, acceleration, "", cpu, Optional.empty());
    }
}
