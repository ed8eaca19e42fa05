package dev.agentruntime.agentctl;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which server is meant. */
final class ServerOptions {

    @Option(names = "--server", paramLabel = "URL",
            description = "The server, as https://HOST:PORT/agents. Otherwise AGENTCTL_SERVER, or 'server' in the settings.")
    private String address;

    @Option(names = "--trust", paramLabel = "FILE",
            description = "Certificates that are trusted, PEM or PKCS#12. Otherwise AGENTCTL_TRUST, 'trust' in the settings, or what Java trusts.")
    private Path trust;

    Server server(Surroundings surroundings) {
        return Server.of(surroundings, java.util.Optional.ofNullable(address), java.util.Optional.ofNullable(trust));
    }
}
