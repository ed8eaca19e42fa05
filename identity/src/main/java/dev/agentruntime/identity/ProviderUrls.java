package dev.agentruntime.identity;

import dev.agentruntime.requests.FieldProblem;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;

/** The URLs of a provider's servers. To which addresses they may lead is looked at when they are used. */
final class ProviderUrls {

    private static final List<String> MEMBERS = List.of("issuer", "authorizationEndpoint", "tokenEndpoint");

    private ProviderUrls() {}

    /** Adds what is wrong with those of {@code discovery}. */
    static void check(String at, JsonObject discovery, List<FieldProblem> problems) {
        if (discovery.get("discoveryUrl") instanceof JsonString url) {
            problem(url.getString()).ifPresent(problem -> problems.add(new FieldProblem(at + ".discoveryUrl", problem)));
        }
        if (discovery.get("authorizationServerMetadata") instanceof JsonObject metadata) {
            for (String member : MEMBERS) {
                problem(metadata.getString(member, "")).ifPresent(problem ->
                        problems.add(new FieldProblem(at + ".authorizationServerMetadata." + member, problem)));
            }
        }
    }

    /** What is wrong with one, as a sentence goes on after its name; empty when nothing is. */
    static Optional<String> problem(String url) {
        try {
            URI uri = new URI(url);
            boolean web = "https".equalsIgnoreCase(uri.getScheme()) || "http".equalsIgnoreCase(uri.getScheme());
            return web && uri.getHost() != null && uri.getRawUserInfo() == null && uri.getRawFragment() == null ? Optional.empty()
                    : Optional.of("must be https://HOST/..., without user, password and fragment");
        } catch (URISyntaxException e) {
            return Optional.of("is no URL");
        }
    }
}
