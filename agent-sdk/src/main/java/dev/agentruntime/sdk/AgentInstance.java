package dev.agentruntime.sdk;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;

/** The object whose methods are called: a CDI bean where there is one, else an object of the SDK's own making. */
interface AgentInstance extends AutoCloseable {

    Object get();

    /** Gives the object back; runs its {@code @PreDestroy} where it has one. */
    @Override
    void close();

    static AgentInstance of(Class<?> type) {
        if (Cdi.isOnClassPath()) {
            var managed = Cdi.bean(type).or(() -> Cdi.injected(type));
            if (managed.isPresent()) {
                return managed.get();
            }
        }
        return plain(type);
    }

    private static AgentInstance plain(Class<?> type) {
        Object instance = construct(type);
        return new AgentInstance() {
            @Override
            public Object get() {
                return instance;
            }

            @Override
            public void close() {
                // nothing manages it
            }
        };
    }

    private static Object construct(Class<?> type) {
        try {
            Constructor<?> constructor = type.getDeclaredConstructor();
            constructor.setAccessible(true);
            return constructor.newInstance();
        } catch (InvocationTargetException e) {
            throw new AgentDeploymentException("The constructor of " + type.getName() + " failed: "
                    + Errors.message(e.getCause()), e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new AgentDeploymentException(type.getName() + " cannot be created: it needs a constructor without"
                    + " parameters, and as a nested class it must be static. Or make it a CDI bean", e);
        }
    }
}
