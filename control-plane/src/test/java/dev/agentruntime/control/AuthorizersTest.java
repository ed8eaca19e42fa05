package dev.agentruntime.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.api.JwtAuthorizer;
import dev.agentruntime.api.RuntimeAuthorizers.Says;
import dev.agentruntime.store.Database;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.bedrockagentcorecontrol.model.AgentRuntimeArtifact;
import software.amazon.awssdk.services.bedrockagentcorecontrol.model.AuthorizerConfiguration;
import software.amazon.awssdk.services.bedrockagentcorecontrol.model.CustomJWTAuthorizerConfiguration;
import software.amazon.awssdk.services.bedrockagentcorecontrol.model.ValidationException;

/** Whom a version lets in, by AWS's client: kept, shown, changed, and told to who judges callers. */
class AuthorizersTest extends ControlTestBase {

    private static final String DISCOVERY = "https://idp.example/tenant/.well-known/openid-configuration";

    private static AuthorizerConfiguration jwt(Consumer<CustomJWTAuthorizerConfiguration.Builder> more) {
        return AuthorizerConfiguration.fromCustomJWTAuthorizer(jwt -> more.accept(jwt.discoveryUrl(DISCOVERY)));
    }

    private String made(String name, AuthorizerConfiguration authorizer) throws Exception {
        String id = create(name, name, r -> r.authorizerConfiguration(authorizer)).agentRuntimeId();
        plane.tick();
        return id;
    }

    private void update(String id, String text, AuthorizerConfiguration authorizer) throws Exception {
        AgentRuntimeArtifact war = war(text);
        client.updateAgentRuntime(r -> r.agentRuntimeId(id).roleArn(ROLE).agentRuntimeArtifact(war).authorizerConfiguration(authorizer));
    }

    private Says says(String runtime, String qualifier) {
        return plane.authorizers().of(runtime, qualifier);
    }

    private void opens(String runtime, String qualifier, String audience) {
        assertThat(says(runtime, qualifier)).isInstanceOfSatisfying(Says.Tokens.class,
                tokens -> assertThat(tokens.authorizer().audiences()).containsExactly(audience));
    }

    @Test
    void allOfAnAuthorizerIsKeptAndShownAndFoundAgain() throws Exception {
        String id = made("hello", jwt(jwt -> jwt.allowedAudience("agents", "more").allowedClients("app").allowedScopes("agents.invoke").customClaims(
                claim -> claim.inboundTokenClaimName("department").inboundTokenClaimValueType("STRING").authorizingClaimMatchValue(
                        match -> match.claimMatchOperator("EQUALS").claimMatchValue(value -> value.matchValueString("sales"))),
                claim -> claim.inboundTokenClaimName("teams").inboundTokenClaimValueType("STRING_ARRAY").authorizingClaimMatchValue(
                        match -> match.claimMatchOperator("CONTAINS_ANY").claimMatchValue(value -> value.matchValueStringList("red", "blue"))))));
        Says kept = new Says.Tokens(new JwtAuthorizer(DISCOVERY, List.of("agents", "more"), List.of("app"), List.of("agents.invoke"), List.of(
                new JwtAuthorizer.Claim("department", "STRING", "EQUALS", List.of("sales")),
                new JwtAuthorizer.Claim("teams", "STRING_ARRAY", "CONTAINS_ANY", List.of("red", "blue")))));
        assertThat(says(id, "")).isEqualTo(kept);
        CustomJWTAuthorizerConfiguration shown = client.getAgentRuntime(r -> r.agentRuntimeId(id)).authorizerConfiguration().customJWTAuthorizer();
        assertThat(shown.discoveryUrl()).isEqualTo(DISCOVERY);
        assertThat(shown.allowedAudience()).containsExactly("agents", "more");
        assertThat(shown.allowedClients()).containsExactly("app");
        assertThat(shown.allowedScopes()).containsExactly("agents.invoke");
        assertThat(shown.customClaims()).hasSize(2);
        restart();
        assertThat(says(id, "DEFAULT")).isEqualTo(kept);
        assertThat(says("other-0123456789", "")).isInstanceOf(Says.Nothing.class);
    }

    @Test
    void anEndpointIsOpenedAsTheVersionSaysThatItLeadsTo() throws Exception {
        String id = made("hello", jwt(jwt -> jwt.allowedAudience("one")));
        client.createAgentRuntimeEndpoint(r -> r.agentRuntimeId(id).name("prod").agentRuntimeVersion("1"));
        plane.tick();
        hosting.set(id, 2, new Progress.Working());
        update(id, "two", jwt(jwt -> jwt.allowedAudience("two")));
        opens(id, "", "one");
        hosting.set(id, 2, new Progress.Ready());
        plane.tick();
        opens(id, "", "two");
        opens(id, "DEFAULT", "two");
        opens(id, "prod", "one");
        opens(id, "nothere", "two");
        update(id, "three", null);
        plane.tick();
        assertThat(says(id, "")).as("an update that names none takes it away").isInstanceOf(Says.Nothing.class);
        opens(id, "prod", "one");
        assertThat(client.getAgentRuntime(r -> r.agentRuntimeId(id)).authorizerConfiguration()).isNull();
        assertThat(client.getAgentRuntime(r -> r.agentRuntimeId(id).agentRuntimeVersion("2")).authorizerConfiguration().customJWTAuthorizer()
                .allowedAudience()).containsExactly("two");
    }

    @Test
    void whatCouldNotBePreparedTellsOnlyThoseWhoseTokensItTakes() throws Exception {
        hosting.otherwise(new Progress.Failed("no class"));
        String id = made("hello", jwt(jwt -> jwt.allowedAudience("one")));
        opens(id, "", "one");
        assertThat(plane.offers().offered().orElseThrow()).isEmpty();
    }

    @Test
    void whatIsNotFoundAgainYetMayBeAnybodys() {
        ControlPlane cold = new ControlPlane(new Database(database), hosting, () -> settings, Optional::empty, clock);
        assertThat(cold.authorizers().of("hello-0123456789", "")).isInstanceOf(Says.NotYet.class);
        assertThat(cold.authorizers().of("hello", "")).as("is no id of this room's").isInstanceOf(Says.Nothing.class);
        cold.tick();
        assertThat(cold.authorizers().of("hello-0123456789", "")).isInstanceOf(Says.Nothing.class);
    }

    private void refused(String field, Consumer<CustomJWTAuthorizerConfiguration.Builder> wrong) {
        assertThatThrownBy(() -> made("hello", jwt(wrong))).isInstanceOfSatisfying(ValidationException.class,
                refused -> assertThat(refused.fieldList()).singleElement()
                        .satisfies(one -> assertThat(one.name()).isEqualTo("authorizerConfiguration.customJWTAuthorizer" + field)));
    }

    @ParameterizedTest
    @CsvSource({"https://u@idp.example/.well-known/openid-configuration", "ftp://idp.example/.well-known/openid-configuration",
        "https:/.well-known/openid-configuration", "https://idp example/.well-known/openid-configuration",
        "https://idp.example/?a=/.well-known/openid-configuration", "https://idp.example/#/.well-known/openid-configuration", "https://idp.example/other"})
    void aDocumentThatIsNowhereIsRefused(String url) {
        refused(".discoveryUrl", jwt -> jwt.discoveryUrl(url).allowedAudience("agents"));
    }

    @Test
    void anAuthorizerThatTakesEveryTokenOfItsIssuerIsRefused() {
        refused("", jwt -> { });
    }

    @ParameterizedTest
    @CsvSource({"STRING, CONTAINS", "STRING, CONTAINS_ANY", "STRING_ARRAY, EQUALS"})
    void aClaimWhoseTypeAndOperatorDoNotGoTogetherIsRefused(String type, String operator) {
        refused(".customClaims[0]", jwt -> jwt.customClaims(claim -> claim.inboundTokenClaimName("a").inboundTokenClaimValueType(type)
                .authorizingClaimMatchValue(match -> match.claimMatchOperator(operator).claimMatchValue(value -> value.matchValueString("b")))));
    }

    @Test
    void aListIsForContainsAnyOnly() {
        refused(".customClaims[0]", jwt -> jwt.customClaims(claim -> claim.inboundTokenClaimName("a").inboundTokenClaimValueType("STRING_ARRAY")
                .authorizingClaimMatchValue(match -> match.claimMatchOperator("CONTAINS").claimMatchValue(value -> value.matchValueStringList("b", "c")))));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "privateEndpoint | {\"selfManagedLatticeResource\": {\"resourceConfigurationIdentifier\": \"rcfg-01234567890123456\"}}",
        "advertisedScopeMapping | {\"agents.invoke\": \"invoke\"}", "allowedWorkloadConfiguration | {}"})
    void whatIsNotDoneHereIsRefused(String member, String value) throws Exception {
        String uri = war("one").containerConfiguration().containerUri();
        assertThat(send("PUT", "/runtimes/", """
                {"agentRuntimeName": "hello", "roleArn": "%s", "agentRuntimeArtifact": {"containerConfiguration": {"containerUri": "%s"}},
                 "authorizerConfiguration": {"customJWTAuthorizer": {"discoveryUrl": "%s", "allowedAudience": ["a"], "%s": %s}}}"""
                .formatted(ROLE, uri, DISCOVERY, member, value)).body())
                .contains("\"name\":\"authorizerConfiguration.customJWTAuthorizer." + member);
    }
}
