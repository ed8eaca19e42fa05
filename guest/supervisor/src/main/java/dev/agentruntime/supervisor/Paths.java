package dev.agentruntime.supervisor;

import java.nio.file.Path;

/** Where things lie in the guest image. */
final class Paths {
    static final Path JAVA = Path.of("/jre/bin/java");
    static final Path SUPERVISOR_JAR = Path.of("/supervisor/agent-supervisor.jar");
    static final Path LIBERTY_OPTIONS = Path.of("/supervisor/liberty.options");
    static final Path LIBERTY = Path.of("/opt/wlp");
    static final Path SERVER = LIBERTY.resolve("usr/servers/agent");
    static final Path WAR = SERVER.resolve("apps/agent.war");
    static final Path HYGIENE_SOCKET = Path.of("/run/hygiene.sock");
    static final Path VIRTIO_PORTS = Path.of("/sys/class/virtio-ports");
    static final String FIRST_PORT = "agent";
    static final String SECOND_PORT = "egress";
    static final Path HOSTS = Path.of("/etc/hosts");
    static final Path OWN_OOM_SCORE = Path.of("/proc/self/oom_score_adj");
    static final Path MEMORY = Path.of("/proc/meminfo");

    private Paths() {
    }
}
