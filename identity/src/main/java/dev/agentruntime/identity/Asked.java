package dev.agentruntime.identity;

import com.nimbusds.oauth2.sdk.Scope;
import dev.agentruntime.requests.FieldProblem;
import dev.agentruntime.requests.InputException;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What an access token is wanted for.
 *
 * @param scopes     sorted, each once
 * @param resources  where it is to be used (RFC 8707)
 * @param audiences  for whom it is, where a provider names them
 * @param parameters of the caller's own for the provider
 */
record Asked(List<String> scopes, List<String> resources, List<String> audiences, Map<String, String> parameters) {

    static final int MOST = 100;

    private static final Pattern SCOPE = Pattern.compile("[\\x21\\x23-\\x5B\\x5D-\\x7E]+");
    /** What the platform says itself. A caller who could say it too would choose the client, the page that gets the code, or whose token it is. */
    private static final Set<String> OWN = Set.of("client_id", "client_secret", "client_assertion", "client_assertion_type", "redirect_uri", "response_type",
            "response_mode", "scope", "state", "code", "code_challenge", "code_challenge_method", "code_verifier", "grant_type", "refresh_token", "assertion",
            "subject_token", "subject_token_type", "actor_token", "actor_token_type", "requested_token_type", "request", "request_uri", "resource", "audience",
            "username", "password", "device_code");

    /** What a request says, without that which is wrong with it. */
    static Asked of(JsonObject input) {
        List<FieldProblem> problems = new ArrayList<>();
        List<String> scopes = texts(input, "scopes", problems);
        scopes.stream().filter(scope -> !SCOPE.matcher(scope).matches()).findFirst()
                .ifPresent(scope -> problems.add(new FieldProblem("scopes", "must have one scope in each element, without blanks, quotes and backslashes")));
        List<String> resources = texts(input, "resources", problems);
        resources.stream().filter(resource -> !isResource(resource)).findFirst()
                .ifPresent(resource -> problems.add(new FieldProblem("resources", "must be absolute URIs without fragment")));
        List<String> audiences = texts(input, "audiences", problems);
        Map<String, String> parameters = new TreeMap<>();
        JsonObject given = input.get("customParameters") instanceof JsonObject object ? object : JsonValue.EMPTY_JSON_OBJECT;
        given.forEach((name, value) -> parameters.put(name, ((JsonString) value).getString()));
        if (parameters.size() > MOST) {
            problems.add(new FieldProblem("customParameters", "must have " + MOST + " members at most"));
        }
        parameters.keySet().stream().filter(name -> OWN.contains(name.toLowerCase(Locale.ROOT))).findFirst()
                .ifPresent(name -> problems.add(new FieldProblem("customParameters." + name, "is said by the platform and cannot be given")));
        if (!problems.isEmpty()) {
            throw InputException.invalid(problems);
        }
        return new Asked(scopes, resources, audiences, Map.copyOf(parameters));
    }

    private static List<String> texts(JsonObject input, String member, List<FieldProblem> problems) {
        JsonArray given = input.get(member) instanceof JsonArray array ? array : JsonValue.EMPTY_JSON_ARRAY;
        if (given.size() > MOST) {
            problems.add(new FieldProblem(member, "must have " + MOST + " elements at most"));
        }
        return given.getValuesAs(JsonString.class).stream().map(JsonString::getString).distinct().sorted().toList();
    }

    private static boolean isResource(String text) {
        try {
            URI uri = new URI(text);
            return uri.isAbsolute() && uri.getRawFragment() == null;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    /** The scopes of a slot: resources and audiences stand among them, behind a blank, which no scope has. */
    List<String> place() {
        return Stream.of(scopes.stream(), resources.stream().map(resource -> " resource " + resource), audiences.stream().map(audience -> " audience " + audience))
                .flatMap(part -> part).toList();
    }

    /** The scopes alone of those of a slot. */
    static List<String> scopes(List<String> place) {
        return place.stream().filter(part -> !part.startsWith(" ")).toList();
    }

    Scope scope() {
        return new Scope(scopes.toArray(String[]::new));
    }

    URI[] resourceUris() {
        return resources.stream().map(URI::create).toArray(URI[]::new);
    }

    /** The same for other scopes and nothing beside. */
    static Asked ofScopes(List<String> scopes) {
        return new Asked(scopes.stream().distinct().sorted().toList(), List.of(), List.of(), Map.of());
    }
}
