package dev.agentruntime.agentctl;

import dev.agentruntime.client.ProviderInfo;
import jakarta.json.Json;
import jakarta.json.JsonObjectBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What there is to say of a credential provider, whatever its type. */
abstract class GivenProvider {

    @Parameters(paramLabel = "NAME", description = "Its name: 1 to 128 letters, digits, '-' and '_'.")
    private String name;

    @Option(names = "--secret-file", paramLabel = "FILE", description = "The key or secret is in this file; - reads it from the input. Otherwise it is asked for.")
    private Optional<Path> secretFile = Optional.empty();

    final String name() {
        return name;
    }

    final String secret(Surroundings surroundings, String what) throws IOException {
        return new SecretInput(surroundings).secret(secretFile, what);
    }

    /** What a request that has it begins with. */
    final JsonObjectBuilder request() {
        JsonObjectBuilder request = Json.createObjectBuilder().add("name", name);
        workloads().ifPresent(names -> request.add("allowedWorkloads", Json.createArrayBuilder(names)));
        return request;
    }

    /** The workload identities that may use it: none is all. Empty where nothing is said of them. */
    abstract Optional<List<String>> workloads();

    /** @param done what was done to it */
    static void tell(Action action, ProviderInfo made, String done) {
        if (action.json()) {
            action.print(CredentialProviders.json(made));
            return;
        }
        action.out().println("The credential provider " + Text.plain(made.name()) + " is " + done);
        if (!made.callbackUrl().isEmpty()) {
            action.out().println("Have its vendor send users back to " + Text.plain(made.callbackUrl()));
        }
    }
}
