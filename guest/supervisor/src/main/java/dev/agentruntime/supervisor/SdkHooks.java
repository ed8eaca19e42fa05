package dev.agentruntime.supervisor;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import javax.management.JMException;
import javax.management.JMRuntimeException;
import javax.management.MBeanServer;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;
import javax.management.ReflectionException;

/**
 * Runs the hooks that agents have registered through the SDK. They meet in the MBean server of the process, so that
 * neither side needs the other's classes.
 */
final class SdkHooks {
    private static final String PATTERN = "dev.agentruntime:type=Hooks,*";

    int count() {
        return hooks(ManagementFactory.getPlatformMBeanServer()).size();
    }

    void beforeSnapshot() {
        invoke("beforeSnapshot", new Object[0], new String[0]);
    }

    void afterRestore(String sessionId) {
        invoke("afterRestore", new Object[] {sessionId}, new String[] {String.class.getName()});
    }

    /** Those of an SDK that knows no such hooks have nothing to do. */
    void beforeEnd() {
        invoke("beforeEnd", new Object[0], new String[0]);
    }

    /** Runs all of them, then says what failed. */
    private void invoke(String operation, Object[] arguments, String[] signature) {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        List<String> failures = new ArrayList<>();
        for (ObjectName name : hooks(server)) {
            try {
                server.invoke(name, operation, arguments, signature);
            } catch (ReflectionException e) {
                if (!(e.getCause() instanceof NoSuchMethodException)) {
                    failures.add(name.getKeyProperty("id") + ": " + e);
                }
            } catch (JMException | JMRuntimeException e) { // an Error of a hook comes as one of these too
                failures.add(name.getKeyProperty("id") + ": " + (e.getCause() == null ? e : e.getCause()));
            }
        }
        if (!failures.isEmpty()) {
            throw new GuestException("The agent's " + operation + " hook failed: " + String.join("; ", failures));
        }
    }

    private static List<ObjectName> hooks(MBeanServer server) {
        try {
            List<ObjectName> names = new ArrayList<>(server.queryNames(new ObjectName(PATTERN), null));
            names.sort(Comparator.naturalOrder());
            return names;
        } catch (MalformedObjectNameException e) {
            throw new GuestException("The name pattern of the hooks is wrong: " + PATTERN, e);
        }
    }
}
