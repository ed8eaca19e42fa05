package dev.agentruntime.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.management.MBeanException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.RuntimeMBeanException;
import org.junit.jupiter.api.Test;

class HooksTest {

    private static final MBeanServer SERVER = ManagementFactory.getPlatformMBeanServer();

    public static class Agent {
        final List<String> calls = new ArrayList<>();

        @BeforeSnapshot
        void close() {
            calls.add("close");
        }

        @AfterRestore
        void open(String sessionId) {
            calls.add("open " + sessionId);
        }

        @AfterRestore
        void reseed() {
            calls.add("reseed");
        }

        @BeforeEnd
        void save() {
            calls.add("save");
        }
    }

    public static class Failing extends Agent {
        @Override
        @AfterRestore
        void open(String sessionId) {
            throw new IllegalArgumentException("no such " + sessionId);
        }

        @AfterRestore
        static void fine() {
            RAN.add("fine");
        }
    }

    private static final List<String> RAN = new ArrayList<>();

    public static class Farewell {
        @BeforeEnd
        static void save() {
        }
    }

    public static class Wrong {
        @BeforeSnapshot
        void close(String sessionId) {
        }
    }

    @Test
    void theMBeanServerReachesTheHooksWhileTheApplicationRuns() throws Exception {
        Agent agent = new Agent();
        Hooks hooks = Hooks.of(List.of(Agent.class), type -> Optional.of(agent));
        try (HooksRegistration first = HooksRegistration.of(hooks); HooksRegistration second = HooksRegistration.of(hooks)) {
            assertThat(registered()).hasSize(2);
            ObjectName name = registered().iterator().next();
            SERVER.invoke(name, "beforeSnapshot", new Object[0], new String[0]);
            SERVER.invoke(name, "afterRestore", new Object[] {"s-1"}, new String[] {"java.lang.String"});
            SERVER.invoke(name, "beforeEnd", new Object[0], new String[0]);
            assertThat(agent.calls).containsExactly("close", "open s-1", "reseed", "save");
            assertThat(first).isNotSameAs(second);
        }
        assertThat(registered()).isEmpty();
    }

    @Test
    void aMethodForTheEndAloneIsAHookToo() {
        assertThat(Hooks.of(List.of(Farewell.class), type -> Optional.empty()).isEmpty()).isFalse();
        assertThat(Hooks.of(List.of(String.class), type -> Optional.empty()).isEmpty()).isTrue();
    }

    @Test
    void oneFailureLetsTheOtherHooksRunAndIsTold() {
        RAN.clear();
        Failing agent = new Failing();
        Hooks hooks = Hooks.of(List.of(Failing.class), type -> Optional.of(agent));
        try (HooksRegistration registration = HooksRegistration.of(hooks)) {
            assertThat(registration).isNotNull();
            assertThatThrownBy(() -> SERVER.invoke(registered().iterator().next(), "afterRestore",
                    new Object[] {"s-1"}, new String[] {"java.lang.String"}))
                    .isInstanceOfAny(MBeanException.class, RuntimeMBeanException.class)
                    .rootCause().isInstanceOf(IllegalStateException.class)
                    .hasMessage(Failing.class.getName() + ".open(String) failed: no such s-1");
        }
        assertThat(RAN).containsExactly("fine");
    }

    @Test
    void aHookOfAnotherShapeIsNamed() {
        assertThatThrownBy(() -> Hooks.of(List.of(Wrong.class), type -> Optional.of(new Wrong())))
                .isInstanceOf(AgentDeploymentException.class).hasMessageStartingWith(Wrong.class.getName() + ".close(String)");
    }

    @Test
    void aHookOfAClassWithoutAnInstanceIsNamed() {
        assertThatThrownBy(() -> Hooks.of(List.of(Agent.class), type -> Optional.empty()))
                .isInstanceOf(AgentDeploymentException.class).hasMessageContaining("neither the entrypoint's nor a CDI bean");
    }

    private static Set<ObjectName> registered() throws Exception {
        return SERVER.queryNames(new ObjectName("dev.agentruntime:type=Hooks,*"), null);
    }
}
