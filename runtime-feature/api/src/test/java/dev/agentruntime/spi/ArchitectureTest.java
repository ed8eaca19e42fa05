package dev.agentruntime.spi;

import static com.tngtech.archunit.core.domain.JavaModifier.FINAL;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Plain tests rather than ArchUnit's own engine, which Surefire passes over without a word. */
final class ArchitectureTest {

    private static final JavaClasses OURS = new ClassFileImporter().importPath(Path.of("target", "classes"));

    @Test
    void theRulesHaveSomethingToHold() {
        assertThat(OURS).hasSizeGreaterThan(30);
    }

    @ParameterizedTest
    @CsvSource({"api,", "log,", "config, api", "net,", "spi, api config"})
    void aPackageKnowsTheJdkAndThoseBelowIt(String name, String below) {
        List<String> known = new ArrayList<>(List.of("java..", "javax.net..", "javax.xml.stream..", room(name)));
        Stream.ofNullable(below).flatMap(names -> Arrays.stream(names.split(" "))).map(ArchitectureTest::room).forEach(known::add);
        classes().that().resideInAPackage(room(name)).should().onlyDependOnClassesThat().resideInAnyPackage(known.toArray(String[]::new)).check(OURS);
    }

    @Test
    void classesAreFinalUnlessTheyAreContracts() {
        classes().that().areNotInterfaces().and().areNotEnums().and().areNotAnonymousClasses()
                .and().doNotHaveFullyQualifiedName(VmException.class.getName()).should().haveModifier(FINAL).check(OURS);
    }

    private static String room(String name) {
        return "dev.agentruntime." + name;
    }
}
