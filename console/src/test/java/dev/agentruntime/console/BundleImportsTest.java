package dev.agentruntime.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** In Liberty a bundle finds packages of others, and of the JDK beyond {@code java.*}, only where it imports them. */
class BundleImportsTest {

    private static final JavaClasses OURS = new ClassFileImporter().importPath(Path.of("target", "classes"));
    /** Those that compilers alone read. */
    private static final String ANNOTATIONS = "org.osgi.service.component.annotations";

    @Test
    void theBundleImportsWhatItsOwnClassesUseAndDoesNotCarry() throws IOException {
        Set<String> used = OURS.stream().flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                .map(dependency -> dependency.getTargetClass().getBaseComponentType().getPackageName())
                .filter(name -> !name.isEmpty() && !name.startsWith("java.")
                        && !name.equals("dev.agentruntime.console")
                        && !name.equals(ANNOTATIONS))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(used).contains("jakarta.json", "jakarta.servlet.http", "javax.xml.stream");
        assertThat(imports()).containsAll(used);
    }

    private static List<String> imports() throws IOException {
        Matcher imports = Pattern.compile("<Import-Package>(.*?)</Import-Package>").matcher(Files.readString(Path.of("pom.xml")));
        assertThat(imports.find()).isTrue();
        return List.of(imports.group(1).replaceAll(";version=[^,]*", "").split(","));
    }
}
