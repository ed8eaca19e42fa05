package dev.agentruntime.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.testagents.EchoAgent;
import dev.agentruntime.testagents.MisshapenAgent;
import dev.agentruntime.testagents.PapersAgent;
import dev.agentruntime.testagents.ProbeAgent;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.management.ObjectName;
import org.eclipse.jetty.ee10.annotations.AnnotationConfiguration;
import org.eclipse.jetty.ee10.webapp.WebAppClassLoader;
import org.eclipse.jetty.ee10.webapp.WebAppContext;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandlerCollection;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The SDK on a server that is neither Open Liberty nor ours and has no CDI. */
class JettyTest extends ServedAgentContract {

    private static final Server SERVER = new Server(0);

    @TempDir
    static Path folder;

    @BeforeAll
    static void start() throws Exception {
        ContextHandlerCollection apps = new ContextHandlerCollection(
                app("/", Wars.of(folder, "probe", probeClasses())),
                app("/echo", Wars.of(folder, "echo", EchoAgent.class)),
                app("/papers", Wars.of(folder, "papers", PapersAgent.class, PapersAgent.Papers.class)));
        SERVER.setHandler(apps);
        SERVER.start();
    }

    @AfterAll
    static void stop() throws Exception {
        SERVER.stop();
        assertThat(hooks()).isEmpty();
    }

    @Override
    URI probe() {
        return URI.create("http://localhost:" + ((ServerConnector) SERVER.getConnectors()[0]).getLocalPort() + "/");
    }

    @Override
    URI echo() {
        return probe().resolve("echo/");
    }

    @Test
    void aWarWithoutEntrypointDoesNotDeploy() {
        assertDoesNotDeploy("none", "no method with @AgentEntrypoint", Path.class);
    }

    @Test
    void aWarWithTwoEntrypointsDoesNotDeploy() {
        assertDoesNotDeploy("two", EchoAgent.class.getName() + ".invoke(String) and " + MisshapenAgent.class.getName()
                + ".invoke(AgentContext, String)", EchoAgent.class, MisshapenAgent.class);
    }

    @Test
    void aWarWithAMisshapenEntrypointDoesNotDeploy() {
        assertDoesNotDeploy("misshapen", MisshapenAgent.class.getName() + ".invoke(AgentContext, String) cannot be",
                MisshapenAgent.class);
    }

    /** A class that is loaded by a session's first request costs every session a fifth of a second under emulation. */
    @Test
    void anInvocationLoadsNoClassOfTheSdkThatAWarmUpHasNotLoaded() throws Exception {
        Server server = new Server(0);
        WebAppContext app = app("/", Wars.of(folder, "watched", probeClasses()));
        Watching classes = new Watching(app);
        app.setClassLoader(classes);
        server.setHandler(app);
        server.start();
        try {
            URI invocations = URI.create("http://localhost:" + ((ServerConnector) server.getConnectors()[0]).getLocalPort() + "/invocations");
            assertThat(send(HttpRequest.newBuilder(invocations).header(WarmUp.ASKED, "1"))).isEqualTo("{\"warmUp\":true}");
            Set<String> warm = Set.copyOf(classes.asked);
            assertThat(warm).contains(Body.class.getName());

            assertThat(send(HttpRequest.newBuilder(invocations))).contains("session");
            assertThat(classes.asked).isEqualTo(warm);
        } finally {
            server.stop();
        }
    }

    private static String send(HttpRequest.Builder request) throws Exception {
        return HttpClient.newHttpClient().send(request.header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"mode\":\"object\"}")).build(), BodyHandlers.ofString()).body();
    }

    /** Keeps the names of the SDK's classes that the JVM has asked for. */
    private static final class Watching extends WebAppClassLoader {

        private final Set<String> asked = ConcurrentHashMap.newKeySet();

        Watching(WebAppContext app) throws IOException {
            super(app);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("dev.agentruntime.sdk.")) {
                asked.add(name);
            }
            return super.loadClass(name, resolve);
        }
    }

    static Class<?>[] probeClasses() throws ClassNotFoundException {
        String name = ProbeAgent.class.getName();
        return new Class<?>[] {ProbeAgent.class, ProbeAgent.Unwritable.class, Class.forName(name + "$Numbers"),
            Class.forName(name + "$Numbers$1"), Class.forName(name + "$1"), Class.forName(name + "$2"), ProbeAgent.Knot.class,
            Class.forName(name + "$Torn")};
    }

    private static void assertDoesNotDeploy(String name, String why, Class<?>... classes) {
        Server server = new Server(0);
        assertThatThrownBy(() -> {
            server.setHandler(app("/", Wars.of(folder, name, classes)));
            server.start();
        }).hasMessageContaining(why);
        assertThat(server.isFailed()).isTrue();
    }

    private static WebAppContext app(String contextPath, Path war) {
        WebAppContext app = new WebAppContext(war.toString(), contextPath);
        app.setTempDirectory(folder.resolve(war.getFileName() + ".d").toFile());
        app.setThrowUnavailableOnStartupException(true);
        app.addConfiguration(new AnnotationConfiguration());
        return app;
    }

    private static Set<ObjectName> hooks() throws Exception {
        return ManagementFactory.getPlatformMBeanServer()
                .queryNames(new ObjectName("dev.agentruntime:type=Hooks,*"), null);
    }
}
