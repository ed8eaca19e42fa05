package dev.agentruntime.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.api.RoomOperations;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.bedrockagentcorecontrol.model.AccessDeniedException;
import software.amazon.awssdk.services.bedrockagentcorecontrol.model.GetWorkloadIdentityResponse;
import software.amazon.awssdk.services.bedrockagentcorecontrol.model.ResourceNotFoundException;
import software.amazon.awssdk.services.bedrockagentcorecontrol.model.ValidationException;
import software.amazon.awssdk.services.bedrockagentcorecontrol.model.WorkloadIdentityType;

class WorkloadsTest extends IdentityTestBase {

    private static final String PAGE = "https://app.example.com/back";

    private List<String> names() {
        return client.listWorkloadIdentitiesPaginator(r -> r.maxResults(2)).workloadIdentities().stream().map(WorkloadIdentityType::name).toList();
    }

    @Test
    void oneIsMadeShownChangedAndDeleted() {
        var made = client.createWorkloadIdentity(r -> r.name("orders").allowedResourceOauth2ReturnUrls(PAGE));
        assertThat(made.workloadIdentityArn())
                .isEqualTo("arn:aws:bedrock-agentcore:us-east-1:123456789012:workload-identity-directory/default/workload-identity/orders");
        GetWorkloadIdentityResponse shown = client.getWorkloadIdentity(r -> r.name("orders"));
        assertThat(shown.allowedResourceOauth2ReturnUrls()).containsExactly(PAGE);
        assertThat(shown.createdTime()).isEqualTo(clock.instant());
        clock.pass(java.time.Duration.ofMillis(1500));
        var changed = client.updateWorkloadIdentity(r -> r.name("orders").allowedResourceOauth2ReturnUrls("http://localhost:8080/back"));
        assertThat(changed.createdTime()).isEqualTo(shown.createdTime());
        assertThat(changed.lastUpdatedTime()).isEqualTo(clock.instant());
        restart();
        assertThat(client.getWorkloadIdentity(r -> r.name("orders")).allowedResourceOauth2ReturnUrls()).containsExactly("http://localhost:8080/back");
        client.deleteWorkloadIdentity(r -> r.name("orders"));
        assertThatThrownBy(() -> client.getWorkloadIdentity(r -> r.name("orders"))).isInstanceOf(ResourceNotFoundException.class)
                .hasMessageContaining("no workload identity orders");
        assertThatThrownBy(() -> client.deleteWorkloadIdentity(r -> r.name("orders"))).isInstanceOf(ResourceNotFoundException.class);
    }

    @Test
    void aNameIsTakenOnce() {
        client.createWorkloadIdentity(r -> r.name("orders"));
        runtimes.configured.add("hello");
        for (String taken : List.of("orders", "hello")) {
            assertThatThrownBy(() -> client.createWorkloadIdentity(r -> r.name(taken))).isInstanceOf(ValidationException.class).hasMessageContaining("is taken");
        }
    }

    @Test
    void theListIsGivenInPages() {
        IntStream.range(0, 5).forEach(i -> client.createWorkloadIdentity(r -> r.name("workload" + i)));
        assertThat(names()).containsExactly("workload0", "workload1", "workload2", "workload3", "workload4");
    }

    @Test
    void aPageThatRunsWhatItsUrlCarriesIsNoReturnUrl() {
        for (String url : List.of("javascript:alert(1)", "data:text/html,x", "http://app.example.com/", "https://app.example.com/#x", "https://u:p@app.example.com/",
                "file:///etc/passwd", "https:app", "myapp:/back")) {
            assertThatThrownBy(() -> client.createWorkloadIdentity(r -> r.name("orders").allowedResourceOauth2ReturnUrls(PAGE, url))).as(url)
                    .isInstanceOfSatisfying(ValidationException.class, e -> assertThat(e.fieldList()).singleElement()
                            .satisfies(field -> assertThat(field.name()).isEqualTo("allowedResourceOauth2ReturnUrls[1]")));
        }
        client.createWorkloadIdentity(r -> r.name("orders").allowedResourceOauth2ReturnUrls("http://127.0.0.1/x?y=z"));
    }

    @Test
    void moreUrlsThanABrowserEverNeedsAreRefused() {
        List<String> urls = IntStream.range(0, Workloads.MOST_URLS + 1).mapToObj(i -> PAGE + i).toList();
        assertThatThrownBy(() -> client.createWorkloadIdentity(r -> r.name("orders").allowedResourceOauth2ReturnUrls(urls)))
                .isInstanceOf(ValidationException.class).hasMessageContaining("100 elements");
    }

    @Test
    void tagsAreRefusedAndNotForgotten() throws Exception {
        assertThat(post("CreateWorkloadIdentity", "{\"name\": \"orders\", \"tags\": {\"team\": \"red\"}}").body()).contains("agent runtimes and endpoints only");
        assertThat(post("CreateWorkloadIdentity", "{\"name\": \"orders\", \"tags\": {}}").statusCode()).isEqualTo(201);
    }

    @Test
    void anAgentRuntimeOfTheControlApiHasOneThatComesAndGoesWithIt() throws Exception {
        runtimes.made.add("greeter-0123456789");
        assertThat(client.getWorkloadIdentity(r -> r.name("greeter-0123456789")).allowedResourceOauth2ReturnUrls()).isEmpty();
        room.tick();
        assertThat(names()).containsExactly("greeter-0123456789");
        client.updateWorkloadIdentity(r -> r.name("greeter-0123456789").allowedResourceOauth2ReturnUrls(PAGE));
        assertThatThrownBy(() -> client.deleteWorkloadIdentity(r -> r.name("greeter-0123456789"))).isInstanceOf(AccessDeniedException.class)
                .hasMessageContaining("Delete the agent runtime");
        runtimes.made.clear();
        assertThatThrownBy(() -> client.getWorkloadIdentity(r -> r.name("greeter-0123456789"))).isInstanceOf(ResourceNotFoundException.class);
        assertThat(names()).isEmpty();
        room.tick();
        assertThat(database.select("SELECT name FROM identity_workload")).as("another server may have made it a moment ago").hasSize(1);
        clock.pass(Workloads.YOUNG.plusSeconds(1));
        room.tick();
        assertThat(database.select("SELECT name FROM identity_workload")).isEmpty();
    }

    @Test
    void nothingIsDeletedWhileItIsNotKnownWhichAgentRuntimesThereAre() throws Exception {
        runtimes.made.add("greeter-0123456789");
        room.tick();
        clock.pass(Workloads.YOUNG.plusSeconds(1));
        runtimes.made.clear();
        runtimes.known = false;
        restart();
        assertThat(database.select("SELECT name FROM identity_workload")).containsExactly("greeter-0123456789");
        assertThat(names()).containsExactly("greeter-0123456789");
    }

    @Test
    void aConfiguredAgentHasOneWhileItIsThereAndFindsItAgainAfterwards() {
        runtimes.configured.add("hello");
        assertThat(names()).containsExactly("hello");
        client.updateWorkloadIdentity(r -> r.name("hello").allowedResourceOauth2ReturnUrls(PAGE));
        runtimes.configured.clear();
        clock.pass(Workloads.YOUNG.plusSeconds(1));
        room.tick();
        assertThat(names()).isEmpty();
        assertThatThrownBy(() -> client.getWorkloadIdentity(r -> r.name("hello"))).isInstanceOf(ResourceNotFoundException.class);
        runtimes.configured.add("hello");
        assertThat(client.getWorkloadIdentity(r -> r.name("hello")).allowedResourceOauth2ReturnUrls()).containsExactly(PAGE);
    }

    @Test
    void whatIsKeptForAConfiguredAgentThatIsGoneCanBeDeleted() throws Exception {
        runtimes.configured.add("hello");
        room.tick();
        assertThat(database.select("SELECT name FROM identity_workload")).containsExactly("hello");
        assertThatThrownBy(() -> client.deleteWorkloadIdentity(r -> r.name("hello"))).isInstanceOf(AccessDeniedException.class);
        runtimes.configured.clear();
        client.deleteWorkloadIdentity(r -> r.name("hello"));
        assertThat(database.select("SELECT name FROM identity_workload")).isEmpty();
        assertThatThrownBy(() -> client.deleteWorkloadIdentity(r -> r.name("hello"))).isInstanceOf(ResourceNotFoundException.class);
    }

    @Test
    void theIdentityOfARuntimeIsNotDeletedWhileItIsNotKnownWhetherThatIsThere() {
        runtimes.made.add("greeter-0123456789");
        room.tick();
        runtimes.known = false;
        assertThatThrownBy(() -> client.deleteWorkloadIdentity(r -> r.name("greeter-0123456789"))).isInstanceOf(AccessDeniedException.class);
    }

    @Test
    void everyOperationOnWorkloadsIsAnAdministrators() {
        assertThat(room.operations().operations().stream().filter(row -> row.name().matches(".*WorkloadIdentit(y|ies)"))).hasSize(5)
                .allMatch(row -> row.who() == RoomOperations.Who.ADMIN);
    }

    @Test
    void whatIsNoRequestIsRefusedWithAReason() throws Exception {
        assertThat(post("CreateWorkloadIdentity", "{\"name\": \"x\"}").body()).contains("FieldValidationFailed").contains("3 to 255 characters");
        assertThat(post("GetWorkloadIdentity", "no JSON").body()).contains("CannotParse");
    }
}
