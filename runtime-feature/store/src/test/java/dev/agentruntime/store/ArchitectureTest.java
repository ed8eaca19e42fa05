package dev.agentruntime.store;

import static com.tngtech.archunit.core.domain.JavaModifier.FINAL;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Plain tests rather than ArchUnit's own engine, which Surefire passes over without a word. */
final class ArchitectureTest {

    private static final JavaClasses OURS = new ClassFileImporter().importPath(Path.of("target", "classes"));

    @Test
    void theRulesHaveSomethingToHold() {
        assertThat(OURS).hasSizeGreaterThan(20);
    }

    @Test
    void theStoreKnowsTheJdkTheApiAndMessagesOnly() {
        classes().should().onlyDependOnClassesThat().resideInAnyPackage(
                "java..", "dev.agentruntime.api", "dev.agentruntime.config", "dev.agentruntime.log", "dev.agentruntime.store").check(OURS);
    }

    @Test
    void classesAreFinalUnlessTheyAreContracts() {
        classes().that().areNotInterfaces().and().areNotEnums().and().areNotAnonymousClasses().should().haveModifier(FINAL).check(OURS);
    }
}
