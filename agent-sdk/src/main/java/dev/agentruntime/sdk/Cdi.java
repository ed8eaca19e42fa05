package dev.agentruntime.sdk;

import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.spi.CDI;
import jakarta.enterprise.inject.spi.Unmanaged;
import java.util.Optional;

/** Everything that touches CDI, so that the SDK also works where there is none. */
final class Cdi {

    private Cdi() {
    }

    static boolean isOnClassPath() {
        try {
            Class.forName("jakarta.enterprise.inject.spi.CDI", false, Thread.currentThread().getContextClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    /** The bean of exactly this class, if it is one. */
    static <T> Optional<AgentInstance> bean(Class<T> type) {
        return container().flatMap(cdi -> {
            for (Instance.Handle<T> handle : cdi.select(type, Any.Literal.INSTANCE).handles()) {
                if (handle.getBean().getBeanClass() == type) {
                    return Optional.of(new Bean(handle));
                }
            }
            return Optional.empty();
        });
    }

    /** An object that is no bean, with its injection points filled all the same. */
    static <T> Optional<AgentInstance> injected(Class<T> type) {
        return container().map(cdi -> {
            try {
                return new Injected<>(new Unmanaged<>(cdi.getBeanManager(), type).newInstance().produce().inject().postConstruct());
            } catch (RuntimeException e) {
                throw new AgentDeploymentException("CDI cannot create " + type.getName() + ": " + Errors.message(e), e);
            }
        });
    }

    /** Makes the application-scoped beans that objects of this class need, the class itself where it is one. */
    static void makeBeansOf(Class<?> type) {
        container().ifPresent(cdi -> new EarlyBeans(cdi.getBeanManager()).makeFor(type));
    }

    private static Optional<CDI<Object>> container() {
        try {
            return Optional.of(CDI.current());
        } catch (IllegalStateException | LinkageError noCdiForThisApplication) {
            return Optional.empty();
        }
    }

    private record Bean(Instance.Handle<?> handle) implements AgentInstance {
        @Override
        public Object get() {
            return handle.get();
        }

        @Override
        public void close() {
            // other scopes end by themselves
            if (handle.getBean().getScope() == Dependent.class) {
                handle.destroy();
            }
        }
    }

    private record Injected<T>(Unmanaged.UnmanagedInstance<T> instance) implements AgentInstance {
        @Override
        public Object get() {
            return instance.get();
        }

        @Override
        public void close() {
            instance.preDestroy().dispose();
        }
    }
}
