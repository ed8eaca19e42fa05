package dev.agentruntime.platform;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaModifier.FINAL;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Plain tests rather than ArchUnit's own engine, which Surefire passes over without a word. */
final class ArchitectureTest {

    private static final String OURS_ALL = "dev.agentruntime..";
    private static final List<String> BELOW = List.of("dev.agentruntime.api", "dev.agentruntime.spi", "dev.agentruntime.log",
            "dev.agentruntime.config");
    private static final String STORE = "dev.agentruntime.store";
    private static final String AGENTS = "dev.agentruntime.agents";
    private static final String SESSIONS = "dev.agentruntime.sessions";
    private static final String PLATFORM = "dev.agentruntime.platform";
    private static final String LIBERTY = "dev.agentruntime.liberty";
    private static final JavaClasses OURS = new ClassFileImporter().importPath(Path.of("target", "classes"));

    @Test
    void theRulesHaveSomethingToHold() {
        assertThat(OURS).hasSizeGreaterThan(80);
    }

    @Test
    void everyClassIsInOneOfTheFourRooms() {
        classes().should().resideInAnyPackage(AGENTS, SESSIONS, PLATFORM, LIBERTY).check(OURS);
    }

    @Test
    void noArrowGoesUpward() {
        mayKnow(AGENTS);
        mayKnow(SESSIONS, AGENTS, STORE);
        mayKnow(PLATFORM, AGENTS, SESSIONS, STORE);
        mayKnow(LIBERTY, AGENTS, SESSIONS, STORE, PLATFORM);
    }

    @Test
    void nobodyHereKnowsHttpOrAHypervisor() {
        noClasses().should().dependOnClassesThat().resideInAnyPackage(
                "jakarta..", "org.libvirt..", "com.sun.jna..", "java.net.http..").check(OURS);
    }

    @Test
    void onlyLibertysRoomKnowsDataSourcesAndOsgi() {
        noClasses().that().resideInAnyPackage(AGENTS, SESSIONS, PLATFORM).should().dependOnClassesThat().resideInAnyPackage(
                "java.sql..", "javax..", "org.osgi..").check(OURS);
    }

    /** What decides is free of side effects: it knows neither VMs nor files, threads or clocks. */
    @Test
    void aSessionsLifeIsPure() {
        noClasses().that().implement("dev.agentruntime.sessions.SessionLife").should().dependOnClassesThat(
                resideInAnyPackage("dev.agentruntime.spi", AGENTS, STORE, "java.io..", "java.nio..", "java.util.concurrent.."))
                .check(OURS);
    }

    @Test
    void classesAreFinalUnlessTheyAreContracts() {
        classes().that().areNotInterfaces().and().areNotEnums().and().areNotAnonymousClasses().should().haveModifier(FINAL).check(OURS);
    }

    private static void mayKnow(String room, String... others) {
        List<String> allowed = new ArrayList<>(BELOW);
        allowed.add(room);
        allowed.addAll(List.of(others));
        noClasses().that().resideInAPackage(room).should().dependOnClassesThat(
                resideInAPackage(OURS_ALL).and(not(resideInAnyPackage(allowed.toArray(String[]::new))))).check(OURS);
    }
}
