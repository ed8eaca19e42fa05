package dev.agentruntime.egress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarInputStream;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The bundle as it was packed. In Open Liberty a class that it does not import is missing when it is first used. */
class BundleIT {

    private static final Pattern OF_THE_JDK = Pattern.compile("(javax(?:/[a-z][a-z0-9]*)+)/[A-Z]");

    @Test
    void theBundleImportsEveryPackageOfTheJdkThatItsLibrariesUse() throws IOException {
        Set<String> used = new TreeSet<>();
        Set<String> imported = new TreeSet<>();
        try (JarFile bundle = new JarFile(Path.of("target/agent-egress-0.1.0.jar").toFile())) {
            Arrays.stream(bundle.getManifest().getMainAttributes().getValue("Import-Package").split(","))
                    .map(clause -> clause.replaceAll(";.*", "")).forEach(imported::add);
            for (JarEntry library : bundle.stream().filter(entry -> entry.getName().endsWith(".jar")).toList()) {
                collect(new JarInputStream(new ByteArrayInputStream(bundle.getInputStream(library).readAllBytes())), used);
            }
        }
        assertThat(used).as("packages that the libraries use").contains("javax.net.ssl");
        assertThat(imported).containsAll(used);
    }

    /** Class files name what they use in clear text. */
    private static void collect(JarInputStream library, Set<String> used) throws IOException {
        try (library) {
            for (JarEntry entry = library.getNextJarEntry(); entry != null; entry = library.getNextJarEntry()) {
                if (entry.getName().endsWith(".class")) {
                    OF_THE_JDK.matcher(new String(library.readAllBytes(), StandardCharsets.ISO_8859_1)).results()
                            .forEach(found -> used.add(found.group(1).replace('/', '.')));
                }
            }
        }
    }
}
