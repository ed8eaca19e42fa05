package dev.agentruntime.supervisor;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/** Tells Open Liberty about a file; it watches none by itself, because polling would cost every idle session CPU. */
final class LibertyFiles {
    private static final String NAME = "WebSphere:service=com.ibm.ws.kernel.filemonitor.FileNotificationMBean";

    private LibertyFiles() {
    }

    static void created(Path file) {
        tell(file, List.of(file.toString()), List.of());
    }

    static void deleted(Path file) {
        tell(file, List.of(), List.of(file.toString()));
    }

    private static void tell(Path file, List<String> created, List<String> deleted) {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        String list = Collection.class.getName();
        try {
            server.invoke(new ObjectName(NAME), "notifyFileChanges",
                    new Object[] {created, List.of(), deleted}, new String[] {list, list, list});
        } catch (JMException e) {
            throw new GuestException("Open Liberty could not be told about " + file + ": " + e, e);
        }
    }
}
