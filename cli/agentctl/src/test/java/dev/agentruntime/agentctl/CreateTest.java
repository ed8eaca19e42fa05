package dev.agentruntime.agentctl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

class CreateTest {

    @TempDir
    private Path folder;

    @Test
    void aNewProjectCompilesAndPassesItsTests() throws Exception {
        Ran ran = new Ran.In(folder).run("create", "my-agent");
        assertThat(ran.code()).as(ran.err()).isZero();
        assertThat(ran.out()).contains("agentctl deploy target/my-agent.war --wait");
        Path classes = Files.createDirectories(folder.resolve("classes"));
        compile(folder.resolve("my-agent"), classes);
        try (URLClassLoader loader = new URLClassLoader(new URL[] {classes.toUri().toURL()}, CreateTest.class.getClassLoader())) {
            SummaryGeneratingListener summary = new SummaryGeneratingListener();
            LauncherFactory.create().execute(LauncherDiscoveryRequestBuilder.request()
                    .selectors(selectClass(loader.loadClass("com.example.myagent.AgentTest"))).build(), summary);
            assertThat(summary.getSummary().getFailures()).isEmpty();
            assertThat(summary.getSummary().getTestsSucceededCount()).isEqualTo(3);
        }
    }

    private static void compile(Path project, Path classes) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter said = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null); Stream<Path> sources = Files.walk(project.resolve("src"))) {
            assertThat(compiler.getTask(said, files, null, List.of("-d", classes.toString(), "-Xlint:all,-processing,-path,-classfile", "-cp", System.getProperty("java.class.path")), null,
                    files.getJavaFileObjectsFromPaths(sources.filter(Files::isRegularFile).toList())).call()).as(said.toString()).isTrue();
        }
        assertThat(said).hasToString("");
    }

    @Test
    void nothingIsLeftToFillIn() throws IOException {
        new Ran.In(folder).run("create", "a", "--group", "org.acme", "--package", "org.acme.greeter");
        try (Stream<Path> files = Files.walk(folder.resolve("a"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(file)).as(file.toString()).doesNotContain("${groupId}", "${artifactId}", "${version}", "${package}");
            }
        }
        assertThat(folder.resolve("a/src/main/java/org/acme/greeter/Agent.java")).content().startsWith("package org.acme.greeter;");
        assertThat(folder.resolve("a/pom.xml")).content().contains("<groupId>org.acme</groupId>", "<finalName>a</finalName>");
    }

    @Test
    void whatIsThereIsNotWrittenOver() throws IOException {
        Files.createDirectories(folder.resolve("my-agent"));
        assertThat(new Ran.In(folder).run("create", "my-agent")).returns(6, Ran::code).satisfies(ran -> assertThat(ran.err()).contains("There is a my-agent here already"));
    }

    @Test
    void namesThatLeadElsewhereAreRefused() {
        for (String wrong : new String[] {"../x", "/x", "X", "a--b", "a b", "a".repeat(49)}) {
            assertThat(new Ran.In(folder).run("create", wrong)).as(wrong).returns(2, Ran::code);
        }
        assertThat(new Ran.In(folder).run("create", "a", "--package", "1.x").code()).isEqualTo(2);
        assertThat(new Ran.In(folder).run("create", "a", "--group", "<x>").code()).isEqualTo(2);
        assertThat(new Ran.In(folder).run("create", "new").err()).startsWith("The package com.example.new has a word of Java's own in it. Say --package.");
        assertThat(new Ran.In(folder).run("create", "a", "--package", "com.class").code()).isEqualTo(2);
        assertThat(new Ran.In(folder).run("create", "new", "--package", "com.example.fresh").code()).isZero();
    }

    /** Maven's archetype plugin fills in the same files. */
    @Test
    void theArchetypeListsWhatIsCopied() throws IOException {
        try (InputStream in = CreateTest.class.getResourceAsStream("/META-INF/maven/archetype-metadata.xml")) {
            assertThat(new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8)).contains("src/main/java", "src/test/java", "README.md");
        }
    }
}
