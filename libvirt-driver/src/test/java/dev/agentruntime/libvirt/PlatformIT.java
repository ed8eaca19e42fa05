package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.spi.Additions;
import dev.agentruntime.spi.AgentPaths;
import dev.agentruntime.spi.AgentSpec;
import dev.agentruntime.spi.AgentStartException;
import dev.agentruntime.spi.AgentTemplate;
import dev.agentruntime.spi.SessionStart;
import dev.agentruntime.spi.Vm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Runs WARs that need more than every guest has in real VMs, with -Dvm=true. Prints the time of each step. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PlatformIT {

    private final RealHost host = new RealHost();
    private Path folder;

    @BeforeAll
    void prepare() throws Exception {
        folder = Files.createTempDirectory("agrt-it");
        host.driver().reclaim(Set.of());
    }

    @AfterAll
    void close() {
        host.close();
    }

    private AgentTemplate template(List<String> features, Optional<String> configuration) throws Exception {
        AgentSpec plain = host.spec("books", PlatformWar.in(folder));
        long begun = System.nanoTime();
        AgentTemplate template = host.driver().prepare(
                new AgentSpec(plain.runtime(), plain.artifact(), plain.memoryBytes(), plain.vcpus(), AgentPaths.STANDARD, new Additions(features, configuration, Optional.empty())),
                step -> System.out.printf("[%6.1f s] %s%n", (System.nanoTime() - begun) / 1e9, step));
        System.out.printf("[%6.1f s] ready, %d ms of CPU%n", (System.nanoTime() - begun) / 1e9, template.buildCpuNanos() / 1_000_000);
        return template;
    }

    private static void assertServesEnterprise(Vm vm) throws Exception {
        assertThat(GuestHttp.get(vm, "/rest/desk")).as("nobody").contains("401");
        assertThat(GuestHttp.get(vm, "/rest/desk", "Authorization: Bearer " + PlatformWar.token("ann", "reader"))).contains("200", "caller=ann issuer=https://idp.acme.example");
        assertThat(GuestHttp.get(vm, "/rest/desk/write", "Authorization: Bearer " + PlatformWar.token("ann", "reader"))).contains("403");
        assertThat(GuestHttp.get(vm, "/rest/desk", "Authorization: Bearer " + PlatformWar.token("ann", "reader") + "A")).contains("401");
        assertThat(GuestHttp.get(vm, "/rest/desk/login")).contains("200", "user=ann");
        assertThat(GuestHttp.get(vm, "/rest/desk/letter")).contains("200", "host=smtp.outbound", "From: agent@acme.example", "Subject: =?UTF-8?Q?Gr=C3=BC=C3=9Fe?=", "Hello Bob");
        assertThat(GuestHttp.get(vm, "/rest/desk/span")).contains("200", "valid=true recording=true");
        assertThat(GuestHttp.get(vm, "/health/ready")).contains("200", "\"opening\"", "UP");
        assertThat(GuestHttp.get(vm, "/openapi")).contains("200", "Tells who asks");
        assertThat(GuestHttp.get(vm, "/metrics?scope=application")).contains("200", "letters_total", " 1.0");
    }

    private static void assertServes(Vm vm, String color) throws Exception {
        vm.begin(SessionStart.of("session-books"));
        long begun = System.nanoTime();
        assertThat(GuestHttp.get(vm, "/books?title=Faust")).contains("200", "color=" + color, "titles=[Faust]");
        System.out.printf("first answer: %d ms%n", (System.nanoTime() - begun) / 1_000_000);
        assertThat(GuestHttp.get(vm, "/books?title=Emma")).contains("titles=[Faust, Emma]");
        assertThat(GuestHttp.get(vm, "/page.jsp")).contains("200", "jsp=Faust", "jsp=Emma");
        assertThat(GuestHttp.get(vm, "/page.xhtml")).contains("200", "faces=[Faust, Emma]").doesNotContain("h:outputText");
        System.out.println("reading: " + vm.read());
    }

    @Test
    void aWarThatUsesMostOfTheWebProfileAndOfMicroProfileRunsUnchanged() throws Exception {
        try (AgentTemplate template = template(List.of(), Optional.empty())) {
            Vm one = template.start();
            Vm other = template.start();
            try {
                assertServes(one, "blue");
                assertServesEnterprise(one);
                assertServes(other, "blue");
            } finally {
                one.destroy();
                other.destroy();
            }
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "long", matches = "true")
    void theWholePlatformFitsIntoAnAgentsGuest() throws Exception {
        try (AgentTemplate template = template(List.of("webProfile-10.0", "microProfile-6.1", "mail"),
                Optional.of("<server><jndiEntry id=\"color\" jndiName=\"shelf/color\" value=\"red\"/><dataSource jndiName=\"jdbc/more\"><jdbcDriver libraryRef=\"drivers\""
                        + " javax.sql.XADataSource=\"org.h2.jdbcx.JdbcDataSource\"/><properties URL=\"jdbc:h2:mem:more\" user=\"sa\"/></dataSource></server>"))) {
            Vm vm = template.start();
            try {
                assertServes(vm, "red");
                assertServesEnterprise(vm);
                assertThat(GuestHttp.get(vm, "/source")).contains("200", "database=H2");
            } finally {
                vm.destroy();
            }
        }
    }

    @Test
    void featuresThatDoNotGoTogetherAreToldInOpenLibertysWords() {
        assertThatThrownBy(() -> template(List.of("facesContainer-4.0", "faces-4.0"), Optional.empty())).isInstanceOf(AgentStartException.class)
                .hasMessageContaining("CWWKF0033E").hasMessageContaining("facesContainer-4.0 and faces-4.0");
    }
}
