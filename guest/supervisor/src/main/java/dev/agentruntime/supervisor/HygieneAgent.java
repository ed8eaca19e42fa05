package dev.agentruntime.supervisor;

import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.nio.file.Path;
import java.security.Security;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The part of the platform that runs inside Open Liberty's process: a Java agent with a UNIX-domain socket, on which
 * the supervisor asks for a new identity, for quiet before a snapshot, and to tell the server that files have changed.
 */
public final class HygieneAgent {
    private HygieneAgent() {
    }

    /**
     * Called by the Java launcher.
     *
     * @param socket the path to listen on
     * @throws IOException it cannot be listened on; the process does not start then
     */
    public static void premain(String socket, Instrumentation instrumentation) throws IOException {
        openPackages(instrumentation);
        rememberNoNames();
        HygieneServer.listen(Path.of(socket));
    }

    /** A look-up reads a small file; what is remembered of names in a template would be wrong in its clones. */
    static void rememberNoNames() {
        Security.setProperty("networkaddress.cache.ttl", "0");
        Security.setProperty("networkaddress.cache.negative.ttl", "0");
    }

    private static void openPackages(Instrumentation instrumentation) {
        Set<Module> us = Set.of(HygieneAgent.class.getModule());
        Module base = Object.class.getModule();
        instrumentation.redefineModule(base, Set.of(), Map.of(),
                Reseeder.PACKAGES.stream().collect(Collectors.toMap(name -> name, name -> us)), Set.of(), Map.of());
        Optional<Module> random = ModuleLayer.boot().findModule("jdk.random");
        random.ifPresent(module -> instrumentation.redefineModule(module, Set.of(), Map.of(), Map.of("jdk.random", us), Set.of(), Map.of()));
    }
}
