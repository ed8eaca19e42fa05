package dev.agentruntime.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.channel.ControlMessage;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.StandardMBean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The agent in Liberty's process, run in this one. */
@Timeout(60)
class HygieneServerTest {
    private static final String FILES = "WebSphere:service=com.ibm.ws.kernel.filemonitor.FileNotificationMBean";

    @TempDir
    Path folder;

    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final List<ObjectName> registered = new CopyOnWriteArrayList<>();
    private Path socket;
    private Hygiene supervisor;

    /** As the SDK registers it. */
    public interface HooksView {
        void beforeSnapshot();

        void afterRestore(String sessionId);
    }

    /** The same of an SDK that has hooks for the end. */
    public interface LaterHooksView extends HooksView {
        void beforeEnd();
    }

    /** As Open Liberty registers it. */
    public interface FilesView {
        void notifyFileChanges(Collection<String> created, Collection<String> modified, Collection<String> deleted);
    }

    private record Recorder(List<String> heard, String name, String complaint) implements LaterHooksView {
        @Override
        public void beforeSnapshot() {
            say("before");
        }

        @Override
        public void afterRestore(String sessionId) {
            say("after " + sessionId);
        }

        @Override
        public void beforeEnd() {
            say("end");
        }

        private void say(String what) {
            heard.add(name + " " + what);
            if (complaint.startsWith("Error: ")) {
                throw new AssertionError(complaint);
            }
            if (!complaint.isEmpty()) {
                throw new IllegalStateException(complaint);
            }
        }
    }

    @BeforeEach
    void listen() throws IOException {
        socket = folder.resolve("hygiene.sock");
        Files.writeString(socket, "left by an earlier process");
        HygieneServer.listen(socket);
        supervisor = new Hygiene(socket);
    }

    @AfterEach
    void unregister() throws JMException {
        for (ObjectName name : registered) {
            ManagementFactory.getPlatformMBeanServer().unregisterMBean(name);
        }
    }

    private <T> void register(String name, T bean, Class<T> view) throws JMException {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        registered.add(server.registerMBean(new StandardMBean(bean, view), new ObjectName(name)).getObjectName());
    }

    private void hooks(int id, String complaint) throws JMException {
        register("dev.agentruntime:type=Hooks,id=" + id, new Recorder(heard, "hook " + id, complaint), HooksView.class);
    }

    @Test
    void theHooksOfAllApplicationsRunInTheirOrder() throws Exception {
        hooks(2, "");
        hooks(1, "");
        supervisor.call(ControlMessage.of(HygieneServer.BEGIN).with("sessionId", "s-1"));
        supervisor.call(ControlMessage.of(HygieneServer.QUIESCE));
        assertThat(heard).containsExactly("hook 1 after s-1", "hook 2 after s-1", "hook 1 before", "hook 2 before");
    }

    @Test
    void hooksForTheEndRunWhereTheSdkKnowsThem() throws Exception {
        hooks(1, "");
        register("dev.agentruntime:type=Hooks,id=2", new Recorder(heard, "hook 2", ""), LaterHooksView.class);
        supervisor.call(ControlMessage.of(HygieneServer.END));
        assertThat(heard).containsExactly("hook 2 end");
        register("dev.agentruntime:type=Hooks,id=3", new Recorder(heard, "hook 3", "the disk is full"), LaterHooksView.class);
        assertThatThrownBy(() -> supervisor.call(ControlMessage.of(HygieneServer.END)))
                .isInstanceOf(GuestException.class).hasMessageContaining("beforeEnd hook failed: 3").hasMessageContaining("the disk is full");
    }

    @Test
    void anEnvironmentThatCannotBeSetFailsTheBeginningBeforeAnyHookAndNamesNoValue() throws Exception {
        hooks(1, "");
        // This JVM has not opened the packages that the launcher of a guest opens.
        assertThatThrownBy(() -> supervisor.call(ControlMessage.of(HygieneServer.BEGIN).with("sessionId", "s-1"), "KEY=sk-secret\0".getBytes()))
                .isInstanceOf(GuestException.class).hasMessageContaining("environment could not be set").hasMessageNotContaining("sk-secret");
        assertThat(heard).isEmpty();
    }

    @Test
    void aHookThatFailsIsToldAfterTheOthersHaveRun() throws Exception {
        hooks(1, "no\nnetwork");
        hooks(2, "");
        assertThatThrownBy(() -> supervisor.call(ControlMessage.of(HygieneServer.BEGIN).with("sessionId", "s-1")))
                .isInstanceOf(GuestException.class).hasMessageContaining("afterRestore hook failed: 1").hasMessageContaining("no network");
        assertThat(heard).containsExactly("hook 1 after s-1", "hook 2 after s-1");
    }

    @Test
    void anErrorOfAHookIsAFailureLikeAnyOther() throws Exception {
        hooks(1, "Error: not what was expected");
        hooks(2, "");
        assertThatThrownBy(() -> supervisor.call(ControlMessage.of(HygieneServer.QUIESCE)))
                .isInstanceOf(GuestException.class).hasMessageContaining("beforeSnapshot hook failed: 1").hasMessageContaining("not what was expected");
        assertThat(heard).containsExactly("hook 1 before", "hook 2 before");
    }

    @Test
    void libertyIsToldOfFiles() throws Exception {
        FilesView files = (created, modified, deleted) -> heard.add(created + " " + modified + " " + deleted);
        register(FILES, files, FilesView.class);
        supervisor.call(ControlMessage.of(HygieneServer.FILE_CREATED).with("path", "/apps/a.war"));
        supervisor.call(ControlMessage.of(HygieneServer.FILE_DELETED).with("path", "/apps/a.war"));
        assertThat(heard).containsExactly("[/apps/a.war] [] []", "[] [] [/apps/a.war]");
    }

    @Test
    void aLibertyThatCannotBeToldIsAnError() {
        assertThatThrownBy(() -> supervisor.call(ControlMessage.of(HygieneServer.FILE_CREATED).with("path", "/apps/a.war")))
                .isInstanceOf(GuestException.class).hasMessageContaining("/apps/a.war");
    }

    @Test
    void generatorsThatCannotBeReseededFailTheRenewal() {
        // This JVM has not opened the packages that the launcher of a guest opens.
        String entropy = Base64.getEncoder().encodeToString(new byte[Entropy.BYTES]);
        assertThatThrownBy(() -> supervisor.call(ControlMessage.of(HygieneServer.RENEW).with("entropy", entropy)))
                .isInstanceOf(GuestException.class).hasMessageContaining("must not start").hasMessageContaining("NativePRNG");
    }

    @Test
    void requestsThatLackAFieldOrAreUnknownAreErrors() {
        for (String verb : List.of(HygieneServer.RENEW, HygieneServer.BEGIN, HygieneServer.FILE_CREATED, HygieneServer.FILE_DELETED)) {
            assertThatThrownBy(() -> supervisor.call(ControlMessage.of(verb))).isInstanceOf(GuestException.class).hasMessageContaining("needs the field");
        }
        assertThatThrownBy(() -> supervisor.call(ControlMessage.of("dance"))).hasMessageContaining("does not know 'dance'");
    }

    @Test
    void aRequestThatIsNoneDoesNotEndTheService() throws Exception {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            channel.write(ByteBuffer.wrap("what is this\n\n".getBytes()));
        }
        supervisor.call(ControlMessage.of(HygieneServer.QUIESCE));
    }
}
