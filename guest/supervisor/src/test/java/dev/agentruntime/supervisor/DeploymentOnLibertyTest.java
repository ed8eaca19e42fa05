package dev.agentruntime.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.jna.Native;
import dev.agentruntime.channel.ControlMessage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** What a guest says of WARs, by the words of a real Open Liberty: {@code mvn test -Dwlp.home=/opt/ol/wlp}. */
@EnabledIfSystemProperty(named = "wlp.home", matches = ".+")
@Timeout(300)
class DeploymentOnLibertyTest {
    private static final Duration LONG = Duration.ofMinutes(2);

    @TempDir
    static Path folder;

    private static final LogRing LOG = new LogRing(3000);
    private static Liberty liberty;
    private static Deployment deployment;
    private static int port;

    @BeforeAll
    static void startLiberty() throws IOException {
        Path wlp = Path.of(System.getProperty("wlp.home"));
        Path server = folder.resolve("servers/agent");
        Path guest = Path.of("../image/src/guest");
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Files.createDirectories(server.resolve("apps"));
        Files.writeString(server.resolve("server.xml"), Files.readString(guest.resolve("server.xml")).replace("8080", Integer.toString(port)));
        Path socket = folder.resolve("hygiene.sock");
        List<String> command = new ArrayList<>(List.of("/usr/bin/env", "WLP_USER_DIR=" + folder, Path.of(System.getProperty("java.home"), "bin/java").toString()));
        command.addAll(Files.readAllLines(guest.resolve("liberty.options")));
        command.addAll(List.of("@" + wlp.resolve("lib/platform/java/java9.options"), "-Xmx256m", "-javaagent:" + agentJar() + "=" + socket,
                "-jar", wlp.resolve("bin/tools/ws-server.jar").toString(), "agent"));
        liberty = Liberty.start(command, server, LOG);
        liberty.awaitReady();
        deployment = new Deployment(server.resolve("apps/agent.war"), new GuestRoom(Path.of("/proc/meminfo"), server), liberty, LOG, new Hygiene(socket),
                new PingProbe(URI.create("http://127.0.0.1:" + port)));
    }

    /** Nothing but a manifest that leads to the classes under test. */
    private static Path agentJar() throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Premain-Class", HygieneAgent.class.getName());
        manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, place(HygieneAgent.class) + " " + place(ControlMessage.class) + " " + place(Native.class));
        Path jar = folder.resolve("agent.jar");
        new JarOutputStream(Files.newOutputStream(jar), manifest).close();
        return jar;
    }

    private static URI place(Class<?> type) {
        return URI.create(type.getProtectionDomain().getCodeSource().getLocation().toString());
    }

    @AfterAll
    static void stopLiberty() {
        ProcessHandle.current().children().filter(child -> child.info().commandLine().orElse("").contains(folder.toString()))
                .forEach(ProcessHandle::destroyForcibly);
    }

    @AfterEach
    void takeOut() throws IOException {
        try {
            deployment.undo(Duration.ofSeconds(2));
        } catch (GuestException neverStarted) {
            assertThat(neverStarted).hasMessageContaining("did not stop");
        }
    }

    private static void deploy(Compiled war) throws IOException {
        byte[] content = war.war();
        deployment.run(new ByteArrayInputStream(content), content.length, LONG);
    }

    private static Compiled war() throws IOException {
        return new Compiled(folder);
    }

    private static void assertRefused(Compiled war, String... words) {
        assertThatThrownBy(() -> deploy(war)).isInstanceOfSatisfying(GuestException.class,
                failure -> assertThat(failure.getMessage()).contains(words).doesNotContain("startWebApplication", "StateChangeException"));
    }

    @Test
    void anUnsatisfiedDependencyIsToldWithItsInjectionPoint() throws Exception {
        assertRefused(war().againstAnnotation("jakarta.inject.Inject").againstAnnotation("jakarta.enterprise.context.ApplicationScoped")
                .with("t.Shelf", "package t; public interface Shelf {}")
                .with("t.A", "package t; @jakarta.enterprise.context.ApplicationScoped public class A { @jakarta.inject.Inject Shelf shelf; }"),
                "WELD-001408", "Unsatisfied dependencies for type Shelf", "at injection point", "t.A.shelf");
    }

    @Test
    void aListenerThatFailsIsToldWithTheDeepestCause() throws Exception {
        assertRefused(war().with("t.G", "package t; @jakarta.servlet.annotation.WebListener public class G implements jakarta.servlet.ServletContextListener {"
                + " public void contextInitialized(jakarta.servlet.ServletContextEvent e) { throw new IllegalStateException(\"outer\","
                + " new java.io.IOException(\"the true cause\")); } }"), "outer", "caused by java.io.IOException: the true cause");
    }

    @Test
    void aMissingClassIsNamedWithWhatToDo() throws Exception {
        assertRefused(war().against("u.Missing", "package u; public class Missing {}")
                .with("t.G", "package t; @jakarta.servlet.annotation.WebListener public class G implements jakarta.servlet.ServletContextListener {"
                        + " public void contextInitialized(jakarta.servlet.ServletContextEvent e) { new u.Missing(); } }"),
                "NoClassDefFoundError: u/Missing", "WEB-INF/lib");
    }

    @Test
    void anApplicationThatIsStoppedAtTheEndSaysGoodbyeByTheMeansOfJakarta() throws Exception {
        deploy(war().againstAnnotation("jakarta.annotation.PreDestroy").againstAnnotation("jakarta.enterprise.context.ApplicationScoped")
                .againstAnnotation("jakarta.inject.Inject")
                .with("t.Shelf", "package t; @jakarta.enterprise.context.ApplicationScoped public class Shelf {"
                        + " public String books() { return \"3\"; }"
                        + " @jakarta.annotation.PreDestroy void close() { System.out.println(\"the shelf is closed\"); } }")
                .with("t.K", "package t; @jakarta.servlet.annotation.WebServlet(\"/ping\") public class K extends jakarta.servlet.http.HttpServlet {"
                        + " @jakarta.inject.Inject Shelf shelf;"
                        + " protected void doGet(jakarta.servlet.http.HttpServletRequest q, jakarta.servlet.http.HttpServletResponse a)"
                        + " throws java.io.IOException { a.getWriter().print(shelf.books()); } }")
                .with("t.G", "package t; @jakarta.servlet.annotation.WebListener public class G implements jakarta.servlet.ServletContextListener {"
                        + " public void contextDestroyed(jakarta.servlet.ServletContextEvent e) { System.out.println(\"the house is closed\"); } }"));
        long begun = System.nanoTime();
        assertThat(deployment.end(LONG)).isTrue();
        assertThat(LOG.tail(20)).anyMatch(line -> line.contains("the shelf is closed")).anyMatch(line -> line.contains("the house is closed"));
        System.out.println("The application's stop took " + Duration.ofNanos(System.nanoTime() - begun).toMillis() + " ms.");
    }

    @Test
    void aRequestThatRunsIsWaitedForBeforeItsServletIsDestroyed() throws Exception {
        deploy(war().with("t.K", "package t; @jakarta.servlet.annotation.WebServlet({\"/ping\", \"/slow\"}) public class K extends jakarta.servlet.http.HttpServlet {"
                + " protected void doGet(jakarta.servlet.http.HttpServletRequest q, jakarta.servlet.http.HttpServletResponse a) throws java.io.IOException {"
                + " if (q.getServletPath().equals(\"/slow\")) { System.out.println(\"at work\");"
                + " try { Thread.sleep(2000); } catch (InterruptedException e) { throw new IllegalStateException(e); } System.out.println(\"done\"); }"
                + " a.getWriter().print(\"ok\"); }"
                + " public void destroy() { System.out.println(\"the servlet is destroyed\"); } }"));
        CompletableFuture<HttpResponse<String>> answer = HttpClient.newHttpClient().sendAsync(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/slow")).build(), HttpResponse.BodyHandlers.ofString());
        await().until(() -> LOG.tail(5).stream().anyMatch(line -> line.contains("at work")));
        assertThat(deployment.end(LONG)).isTrue();
        assertThat(answer.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        String said = String.join("\n", LOG.tail(20));
        assertThat(said.indexOf("done")).isPositive().isLessThan(said.indexOf("the servlet is destroyed"));
    }

    @Test
    void aServletThatCannotBeMadeIsTheReasonAndNotItsMissingPing() throws Exception {
        assertThatThrownBy(() -> {
            byte[] content = war().with("t.K", "package t; @jakarta.servlet.annotation.WebServlet(urlPatterns = \"/ping\", loadOnStartup = 1) public class K"
                    + " extends jakarta.servlet.http.HttpServlet { public void init() { throw new IllegalStateException(\"no database\"); } }").war();
            deployment.run(new ByteArrayInputStream(content), content.length, Duration.ofSeconds(10));
        }).isInstanceOf(GuestException.class).hasMessageContaining("no database");
    }
}
