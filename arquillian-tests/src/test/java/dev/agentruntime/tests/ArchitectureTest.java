package dev.agentruntime.tests;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The walls between the modules; those inside the domain are held by its own test. Plain tests rather than ArchUnit's own
 * engine, which Surefire passes over without a word.
 */
class ArchitectureTest {

    private static final List<String> MODULES = List.of("agent-sdk", "guest/channel", "guest/features", "guest/supervisor",
            "runtime-feature/api", "runtime-feature/store", "runtime-feature/requests", "runtime-feature/domain", "libvirt-driver", "egress",
            "inbound-identity", "logs", "accounting", "control-plane", "identity", "memory", "console", "health", "invocation-servlet", "cli/client", "cli/test-kit", "cli/agentctl",
            "cli/maven-plugin");
    private static final JavaClasses OURS = new ClassFileImporter().importPaths(
            MODULES.stream().map(module -> Path.of("..", module, "target", "classes")).toList());

    @ParameterizedTest
    @CsvSource({"sdk", "channel", "features", "supervisor", "api", "spi", "store", "agents", "sessions", "platform", "liberty", "libvirt", "net", "egress", "inbound", "logs", "accounting", "requests", "control", "identity", "memory", "console", "health", "invocation", "client", "testkit", "agentctl", "maven"})
    void everyModuleIsLookedAt(String module) {
        assertThat(OURS.that(resideInAPackage(room(module)))).as("classes of %s: build it first", module)
                .isNotEmpty();
    }

    /** Each module and those of ours that it may know. */
    @ParameterizedTest
    @CsvSource({
        "sdk,",
        "channel,",
        "features,",
        "supervisor, channel",
        "api,",
        "log,",
        "config, api",
        "net,",
        "spi, api config",
        "agents, api spi log config",
        "store, api log config",
        "sessions, agents api spi log config store",
        "platform, sessions agents api spi log config store",
        "liberty, platform sessions agents api spi log config store",
        "libvirt, api spi log channel features",
        "egress, api spi log config net",
        "inbound, api log config net",
        "accounting, api spi log config store",
        "requests, api",
        "control, api spi log config store requests",
        "identity, api spi log config net store requests",
        "memory, api log config store requests",
        "console, api log config",
        "health, api log",
        "invocation, api log health",
        "client,",
        "testkit, client sdk",
        "agentctl, client features",
        "maven, agentctl"
    })
    void aModuleKnowsOnlyItsNeighbours(String module, String neighbours) {
        String[] known = (neighbours == null ? module : module + " " + neighbours).split(" ");
        noClasses().that().resideInAPackage(room(module))
                .should().dependOnClassesThat(resideInAPackage("dev.agentruntime..").and(
                        not(resideInAnyPackage(Arrays.stream(known).map(ArchitectureTest::room).toArray(String[]::new)))))
                .check(OURS);
    }

    @Test
    void onlyTheDriverKnowsLibvirt() {
        noClasses().that().resideOutsideOfPackage(room("libvirt"))
                .should().dependOnClassesThat().resideInAPackage("org.libvirt..").check(OURS);
    }

    /** In the guest the supervisor needs the kernel's calls that Java has no words for. */
    @Test
    void nativeCodeIsCalledByTheDriverAndInTheGuestOnly() {
        noClasses().that().resideOutsideOfPackages(room("libvirt"), room("supervisor"))
                .should().dependOnClassesThat().resideInAPackage("com.sun.jna..").check(OURS);
    }

    /** The SDK is the guest's side. */
    @Test
    void onlyTheFrontDoorTheConsoleAndTheSdkKnowServlets() {
        noClasses().that().resideOutsideOfPackages(room("invocation"), room("console"), room("sdk"))
                .should().dependOnClassesThat().resideInAnyPackage("jakarta.servlet..", "jakarta.ws.rs..").check(OURS);
    }

    @Test
    void onlyTheFrontDoorKnowsJetty() {
        noClasses().that().resideOutsideOfPackage(room("invocation"))
                .should().dependOnClassesThat().resideInAPackage("org.eclipse.jetty..").check(OURS);
    }

    @Test
    void onlyTheWayOutKnowsNetty() {
        noClasses().that().resideOutsideOfPackage(room("egress"))
                .should().dependOnClassesThat().resideInAPackage("io.netty..").check(OURS);
    }

    @Test
    void theChannelKnowsTheJdkOnly() {
        classes().that().resideInAPackage(room("channel"))
                .should().onlyDependOnClassesThat().resideInAnyPackage("java..", room("channel")).check(OURS);
    }

    private static String room(String module) {
        return "dev.agentruntime." + module + "..";
    }
}
