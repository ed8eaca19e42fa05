package dev.agentruntime.runtime;

import static com.tngtech.archunit.core.domain.JavaModifier.FINAL;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Plain tests rather than ArchUnit's own engine, which Surefire passes over without a word. */
final class ArchitectureTest {

    private static final String DOMAIN = "dev.agentruntime.runtime";
    private static final JavaClasses OURS = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages("dev.agentruntime");

    @Test
    void theRulesHaveSomethingToHold() {
        assertThat(OURS).hasSizeGreaterThan(50);
    }

    @Test
    void nobodyHereKnowsHttpOrAHypervisor() {
        noClasses().should().dependOnClassesThat().resideInAnyPackage(
                "jakarta..", "org.libvirt..", "com.sun.jna..", "java.net.http..").check(OURS);
    }

    @Test
    void theSpiKnowsTheJdkOnly() {
        classes().that().resideInAPackage(DOMAIN + ".spi")
                .should().onlyDependOnClassesThat().resideInAnyPackage("java..", DOMAIN + ".spi").check(OURS);
    }

    @Test
    void theDomainKnowsNeitherDatabaseNorOsgi() {
        noClasses().that().resideInAPackage(DOMAIN).should().dependOnClassesThat().resideInAnyPackage(
                "java.sql..", "javax.sql..", "javax.naming..", "org.osgi..", DOMAIN + ".ledger", DOMAIN + ".liberty")
                .check(OURS);
    }

    @Test
    void theLedgerDoesNotKnowLiberty() {
        noClasses().that().resideInAPackage(DOMAIN + ".ledger").should().dependOnClassesThat()
                .resideInAnyPackage("org.osgi..", "javax.naming..", DOMAIN + ".liberty").check(OURS);
    }

    @Test
    void classesAreFinalUnlessTheyAreContracts() {
        classes().that().areNotInterfaces().and().areNotEnums().and().areNotAnonymousClasses()
                .and().doNotHaveFullyQualifiedName(DOMAIN + ".spi.VmException").should().haveModifier(FINAL).check(OURS);
    }
}
