package dev.agentruntime.runtime;

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
import org.junit.jupiter.api.Test;

/** Plain tests rather than ArchUnit's own engine, which Surefire passes over without a word. */
final class ArchitectureTest {

    private static final String DOMAIN = "dev.agentruntime.runtime";
    private static final String AGENTS = "dev.agentruntime.agents";
    private static final String LIBERTY = "dev.agentruntime.liberty";
    private static final JavaClasses OURS = new ClassFileImporter().importPath(Path.of("target", "classes"));

    @Test
    void theRulesHaveSomethingToHold() {
        assertThat(OURS).hasSizeGreaterThan(40);
    }

    @Test
    void nobodyHereKnowsHttpOrAHypervisor() {
        noClasses().should().dependOnClassesThat().resideInAnyPackage(
                "jakarta..", "org.libvirt..", "com.sun.jna..", "java.net.http..").check(OURS);
    }

    @Test
    void theDomainKnowsNeitherDatabaseNorOsgi() {
        noClasses().that().resideInAPackage(DOMAIN).should().dependOnClassesThat().resideInAnyPackage(
                "java.sql..", "javax.sql..", "javax.naming..", "org.osgi..", LIBERTY)
                .check(OURS);
    }

    @Test
    void agentsKnowNothingOfSessionsOrLiberty() {
        noClasses().that().resideInAPackage(AGENTS).should().dependOnClassesThat(
                resideInAPackage("dev.agentruntime..").and(not(resideInAnyPackage(
                        AGENTS, "dev.agentruntime.api", "dev.agentruntime.spi", "dev.agentruntime.log", "dev.agentruntime.config")))).check(OURS);
        noClasses().that().resideInAPackage(AGENTS).should().dependOnClassesThat()
                .resideInAnyPackage("java.sql..", "javax..", "org.osgi..").check(OURS);
    }

    @Test
    void classesAreFinalUnlessTheyAreContracts() {
        classes().that().areNotInterfaces().and().areNotEnums().and().areNotAnonymousClasses().should().haveModifier(FINAL).check(OURS);
    }
}
