package dev.agentruntime.agentctl;

import dev.agentruntime.client.GrantInfo;
import dev.agentruntime.client.IdentityClient;
import jakarta.json.Json;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "grants", synopsisSubcommandLabel = "COMMAND", subcommands = {Grants.Listing.class, Grants.Revoke.class, HelpCommand.class},
        description = "What users have consented to: that an agent acts for them at a provider. Your own; an administrator's are those of all.")
final class Grants {

    private Grants() {}

    @Command(name = "list", description = "Show grants.")
    static final class Listing extends IdentityAction {

        @Option(names = "--workload", paramLabel = "NAME", description = "Of this workload identity only.")
        private Optional<String> workload = Optional.empty();

        @Option(names = "--provider", paramLabel = "NAME", description = "Of this credential provider only.")
        private Optional<String> provider = Optional.empty();

        @Option(names = "--subject", paramLabel = "NAME", description = "Of this user only; for administrators.")
        private Optional<String> subject = Optional.empty();

        @Option(names = "--issuer", paramLabel = "URL", description = "Whose user that is. Otherwise one whom an application has named.")
        private Optional<String> issuer = Optional.empty();

        Listing(Surroundings surroundings) {
            super(surroundings);
        }

        @Override
        ExitCode run(IdentityClient identities) {
            if (issuer.isPresent() && subject.isEmpty()) {
                throw usage("--issuer says whose user --subject is, which is missing.");
            }
            Map<String, String> filter = new LinkedHashMap<>();
            workload.ifPresent(name -> filter.put("workloadName", name));
            provider.ifPresent(name -> filter.put("resourceCredentialProviderName", name));
            subject.ifPresent(name -> filter.put("subject", name));
            issuer.ifPresent(name -> filter.put("issuer", name));
            List<GrantInfo> all = identities.grants(filter);
            return list(all, GrantInfo::json, new Table("WORKLOAD", "PROVIDER", "SUBJECT", "SCOPES", "SINCE", "GRANT"),
                    (table, grant) -> table.row(grant.workload(), grant.provider(), grant.subject(), String.join(" ", grant.scopes()),
                    grant.createdAt().map(Instant::toString).orElse(""), grant.id()));
        }
    }

    @Command(name = "revoke", description = "Take a grant back: the agent's next request asks its user for consent. The provider is not told.")
    static final class Revoke extends IdentityAction {

        @Parameters(paramLabel = "GRANT", description = "The grant, as the list has it.")
        private String id;

        Revoke(Surroundings surroundings) {
            super(surroundings);
        }

        @Override
        ExitCode run(IdentityClient identities) {
            identities.revoke(id);
            if (json()) {
                print(Json.createObjectBuilder().add("grantId", id).add("revoked", true).build());
            } else {
                out().println("The grant is taken back");
            }
            return ExitCode.OK;
        }
    }
}
