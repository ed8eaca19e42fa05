package dev.agentruntime.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines as Open Liberty 26.0.0.3 writes them. */
class FirstCauseTest {
    private static final String AT = "[11/26/26, 3:46:54:035 UTC] 00000022 id=         ";

    private final List<String> log = new ArrayList<>(List.of(record("com.ibm.ws.app.manager.AppMessageHelper", 'I', "CWWKZ0018I: Starting application agent.")));

    private static String record(String logger, char level, String text) {
        return AT + String.format("%-60s %s %s", logger, level, text);
    }

    private void says(String logger, char level, String text, String... more) {
        log.add(record(logger, level, text));
        log.addAll(List.of(more));
    }

    private void startFails() {
        says("com.ibm.ws.logging.internal.impl.IncidentImpl", 'I', "FFDC1015I: An FFDC Incident has been created:"
                + " \"com.ibm.ws.container.service.state.StateChangeException: startWebApplication com.ibm.ws.webcontainer.osgi.WebContainer startModule\" at ffdc_1.log");
        says("com.ibm.ws.app.manager.AppMessageHelper", 'E', "CWWKZ0004E: An exception occurred while starting the application agent. The exception"
                + " message was: com.ibm.ws.container.service.state.StateChangeException: com.ibm.ws.container.service.state.StateChangeException: startWebApplication",
                "\tat com.ibm.ws.webcontainer.osgi.WebContainer.startModule(WebContainer.java:1)");
    }

    private String cause() {
        return FirstCause.in(log).orElse("");
    }

    @Test
    void aLogInWhichNothingWentWrongHasNoCause() {
        assertThat(FirstCause.in(log)).isEmpty();
        assertThat(FirstCause.in(List.of())).isEmpty();
        assertThat(FirstCause.in(List.of("no record", "", "\tat nowhere"))).isEmpty();
    }

    @Test
    void theSentenceOfTheSdkComesBeforeWhatLibertySaysOfIt() {
        says("dev.agentruntime.sdk.AgentInitializer", 'E', "The WAR contains the Agent SDK but no method with @AgentEntrypoint. Put it on one");
        startFails();
        assertThat(cause()).isEqualTo("The WAR contains the Agent SDK but no method with @AgentEntrypoint. Put it on one");
    }

    @Test
    void aFailureOfWeldKeepsItsInjectionPoint() {
        says("com.ibm.ws.logging.internal.impl.IncidentImpl", 'I', "FFDC1015I: An FFDC Incident has been created: \"org.jboss.weld.exceptions."
                + "DeploymentException: WELD-001408: Unsatisfied dependencies for type Svc with qualifiers @Default",
                "  at injection point [BackedAnnotatedField] @Inject t.A.s", "  at t.A.s(A.java:0)", " com.ibm.ws.cdi.liberty.CDIRuntimeImpl 484\" at ffdc_1.log");
        says("com.ibm.ws.app.manager.AppMessageHelper", 'E', "CWWKZ0002E: An exception occurred while starting the application agent. The exception message"
                + " was: com.ibm.ws.container.service.state.StateChangeException: org.jboss.weld.exceptions.DeploymentException: WELD-001408: Unsatisfied"
                + " dependencies for type Svc with qualifiers @Default", "  at injection point [BackedAnnotatedField] @Inject t.A.s", "  at t.A.s(A.java:0)", "");
        assertThat(cause()).isEqualTo("org.jboss.weld.exceptions.DeploymentException: WELD-001408: Unsatisfied dependencies for type Svc with"
                + " qualifiers @Default at injection point [BackedAnnotatedField] @Inject t.A.s");
    }

    @Test
    void theDeepestCauseOfAStackTraceIsTold() {
        says("com.ibm.ws.webcontainer.webapp.WebApp", 'E', "notifyServletContextCreated SRVE0283E: Exception caught while initializing context:"
                + " java.lang.IllegalStateException: outer", "second line", "\tat t.G.contextInitialized(G.java:1)",
                "Caused by: java.lang.RuntimeException: middle", "\t... 22 more", "Caused by: java.io.IOException: the true cause", "\t... 22 more", "");
        startFails();
        assertThat(cause()).isEqualTo("SRVE0283E: Exception caught while initializing context: java.lang.IllegalStateException: outer second line"
                + " (caused by java.io.IOException: the true cause)");
    }

    @Test
    void whereOnlyAnIncidentNamesTheCauseItIsTakenFromThere() {
        says("com.ibm.ws.logging.internal.impl.IncidentImpl", 'I', "FFDC1015I: An FFDC Incident has been created: \"java.lang.UnsupportedClassVersionError:"
                + " t/E has been compiled by a more recent version of the Java Runtime (class file version 69.0)"
                + " com.ibm.ws.webcontainer.osgi.DynamicVirtualHost startWebApp\" at ffdc_1.log");
        startFails();
        assertThat(cause()).startsWith("java.lang.UnsupportedClassVersionError: t/E has been compiled").contains("(class file version 69.0)")
                .doesNotContain("DynamicVirtualHost").contains("The guest runs Java 17");
    }

    @Test
    void whatTheAgentPrintedIsNoCause() {
        says("", 'O', "java.lang.Exception: printed by the agent");
        says("", 'R', "Error: printed by the agent");
        startFails();
        assertThat(cause()).isEmpty();
    }

    @Test
    void anEndlessCauseIsCut() {
        says("com.acme.Agent", 'E', "x".repeat(5000));
        assertThat(cause()).hasSizeLessThan(750);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            java.lang.NoClassDefFoundError: com/acme/Missing | Put the library that has this class into WEB-INF/lib
            WELD-000119: Type com.acme.Missing not found. | Put the library that has this class into WEB-INF/lib
            Failed to create bundle: java.io.IOException: No space left on device | raise `memory` of the agent
            java.lang.OutOfMemoryError: Metaspace | Raise `memory` of the agent
            CWWKM0101E: The system could not process archive data for /opt/agent.war. | damaged or no WAR
            """)
    void commonFaultsComeWithWhatToDo(String fault, String advice) {
        says("com.acme.Agent", 'E', fault);
        assertThat(cause()).startsWith(fault.substring(0, 20)).contains(advice);
    }

    @ParameterizedTest
    @ValueSource(strings = {"java.lang.NoClassDefFoundError: jakarta/persistence/EntityManager", "WELD-001524: Type jakarta.faces.webapp.FacesServlet not found",
            "java.lang.NoClassDefFoundError: org/eclipse/microprofile/faulttolerance/Retry", "java.lang.NoClassDefFoundError: javax/servlet/http/HttpServlet"})
    void whichFeatureAClassOfThePlatformBelongsToIsLeftToTheHost(String fault) {
        says("com.acme.Agent", 'E', fault);
        assertThat(cause()).isEqualTo(fault);
    }
}
