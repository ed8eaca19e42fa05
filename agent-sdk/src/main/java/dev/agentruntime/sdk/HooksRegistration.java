package dev.agentruntime.sdk;

import java.lang.management.ManagementFactory;
import javax.management.InstanceAlreadyExistsException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.StandardMBean;

/** Keeps an application's hooks in the platform MBean server while the application runs. */
final class HooksRegistration implements AutoCloseable {

    private final MBeanServer server;
    private final ObjectName name;

    private HooksRegistration(MBeanServer server, ObjectName name) {
        this.server = server;
        this.name = name;
    }

    static HooksRegistration of(Hooks hooks) {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        try {
            StandardMBean bean = new StandardMBean(hooks, HooksMBean.class);
            // other applications of this JVM count with a class of their own, so a number may be taken
            for (int id = 1; ; id++) {
                ObjectName name = new ObjectName("dev.agentruntime:type=Hooks,id=" + id);
                try {
                    server.registerMBean(bean, name);
                    return new HooksRegistration(server, name);
                } catch (InstanceAlreadyExistsException taken) {
                    continue;
                }
            }
        } catch (JMException e) {
            throw new AgentDeploymentException("The agent's hooks cannot be registered as an MBean: " + Errors.message(e), e);
        }
    }

    @Override
    public void close() {
        try {
            server.unregisterMBean(name);
        } catch (JMException e) {
            throw new IllegalStateException("The agent's hooks stay registered as " + name + ": " + Errors.message(e), e);
        }
    }
}
