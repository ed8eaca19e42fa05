package dev.agentruntime.libvirt;

import dev.agentruntime.api.Tenant;
import dev.agentruntime.spi.Artifact;
import java.util.stream.Stream;

/** Keys of templates: digests of everything that matters to whether a template may be used. */
final class TemplateKeys {

    /** Raised whenever the driver makes templates, or the XML of their VMs, differently. */
    static final String FORMAT = "8";

    private TemplateKeys() {}

    /** Of a booted guest without an agent. */
    static String base(HostProfile host, GuestImage image, long memoryBytes, int vcpus) {
        return Digests.sha256("base", FORMAT, image.key(), host.emulator().toString(), host.emulatorStamp(), host.machineType(),
                host.acceleration().name(), host.verdict().cpu().text(), host.cpu(), host.acceleration().commandLine(),
                Long.toString(memoryBytes), Integer.toString(vcpus));
    }

    /** Of a guest with an agent, made from the base template of key {@code parent}. */
    static String agent(String parent, AgentWar agent) {
        return Digests.sha256("agent", FORMAT, parent, agent.spec().artifact().digest(), agent.spec().paths().ping() + agent.spec().paths().warmup().map(path -> " " + path).orElse(""), String.join(",", agent.provision().features()),
                agent.spec().additions().drivers().map(Artifact::digest).orElse(""),
                Digests.sha256(agent.provision().configurations().entrySet().stream()
                        .flatMap(file -> Stream.of(file.getKey(), file.getValue())).toArray(String[]::new)));
    }

    /** Of a tenant's copy of the agent template of key {@code original}. */
    static String copy(String original, Tenant tenant) {
        return Digests.sha256("copy", FORMAT, original, tenant.issuer(), tenant.kind().name(), tenant.name());
    }
}
