package dev.agentruntime.agentctl;

import dev.agentruntime.client.ProviderInfo;
import jakarta.json.Json;
import jakarta.json.JsonObjectBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What there is to say of a new credential provider, whatever its type. */
final class NewProvider {

    @Parameters(paramLabel = "NAME", description = "Its name: 1 to 128 letters, digits, '-' and '_'.")
    private String name;

    @Option(names = "--secret-file", paramLabel = "FILE", description = "The key or secret is in this file; - reads it from the input. Otherwise it is asked for.")
    private Optional<Path> secretFile = Optional.empty();

    @Option(names = "--workload", paramLabel = "NAME", description = "A workload identity that may use it. May be given more than once; otherwise all may.")
    private List<String> workloads = new ArrayList<>();

    String name() {
        return name;
    }

    String secret(Surroundings surroundings, String what) throws IOException {
        return new SecretInput(surroundings).secret(secretFile, what);
    }

    /** What a request that makes it begins with. */
    JsonObjectBuilder request() {
        JsonObjectBuilder request = Json.createObjectBuilder().add("name", name);
        return workloads.isEmpty() ? request : request.add("allowedWorkloads", Json.createArrayBuilder(workloads));
    }

    static void tell(Action action, ProviderInfo made) {
        if (action.json()) {
            action.print(CredentialProviders.json(made));
            return;
        }
        action.out().println("The credential provider " + Text.plain(made.name()) + " is made");
        if (!made.callbackUrl().isEmpty()) {
            action.out().println("Have its vendor send users back to " + Text.plain(made.callbackUrl()));
        }
    }
}
