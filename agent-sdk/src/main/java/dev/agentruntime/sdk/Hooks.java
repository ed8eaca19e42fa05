package dev.agentruntime.sdk;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** An application's hooks, checked and ready to be called from any thread. */
final class Hooks implements HooksMBean {

    private final List<Hook> beforeSnapshot;
    private final List<Hook> afterRestore;
    private final List<Hook> beforeEnd;
    private final ClassLoader application;

    private record Hook(Method method, Object instance) {
        void run(Object... available) throws Throwable {
            Object[] arguments = method.getParameterCount() == 0 ? new Object[0] : available;
            try {
                method.invoke(instance, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }
    }

    private Hooks(List<Hook> beforeSnapshot, List<Hook> afterRestore, List<Hook> beforeEnd, ClassLoader application) {
        this.beforeSnapshot = beforeSnapshot;
        this.afterRestore = afterRestore;
        this.beforeEnd = beforeEnd;
        this.application = application;
    }

    /**
     * @param instances gives the object for a class with hooks, empty if the application has no one object of it
     */
    static Hooks of(Collection<Class<?>> classes, Function<Class<?>, Optional<Object>> instances) {
        return new Hooks(
                AnnotatedMethods.with(BeforeSnapshot.class, classes).stream()
                        .map(method -> hook(method, List.of(), instances)).toList(),
                AnnotatedMethods.with(AfterRestore.class, classes).stream()
                        .map(method -> hook(method, List.of(String.class), instances)).toList(),
                AnnotatedMethods.with(BeforeEnd.class, classes).stream()
                        .map(method -> hook(method, List.of(), instances)).toList(),
                Thread.currentThread().getContextClassLoader());
    }

    boolean isEmpty() {
        return beforeSnapshot.isEmpty() && afterRestore.isEmpty() && beforeEnd.isEmpty();
    }

    @Override
    public void beforeSnapshot() {
        runAll(beforeSnapshot);
    }

    @Override
    public void afterRestore(String sessionId) {
        runAll(afterRestore, sessionId);
    }

    @Override
    public void beforeEnd() {
        runAll(beforeEnd);
    }

    private void runAll(List<Hook> hooks, Object... available) {
        Thread thread = Thread.currentThread();
        ClassLoader callers = thread.getContextClassLoader();
        List<String> failures = new ArrayList<>();
        thread.setContextClassLoader(application);
        try {
            for (Hook hook : hooks) {
                try {
                    hook.run(available);
                } catch (Throwable e) {
                    System.getLogger(Hooks.class.getName()).log(System.Logger.Level.ERROR,
                            AnnotatedMethods.name(hook.method()) + " failed", e);
                    failures.add(AnnotatedMethods.name(hook.method()) + " failed: " + Errors.message(e));
                }
            }
        } finally {
            thread.setContextClassLoader(callers);
        }
        if (!failures.isEmpty()) {
            // without a cause: the caller has none of the application's classes
            throw new IllegalStateException(String.join("; ", failures));
        }
    }

    private static Hook hook(Method method, List<Class<?>> parameters, Function<Class<?>, Optional<Object>> instances) {
        List<Class<?>> taken = List.of(method.getParameterTypes());
        if (!taken.isEmpty() && !taken.equals(parameters)) {
            throw new AgentDeploymentException(AnnotatedMethods.name(method) + " cannot be a hook: @AfterRestore takes nothing"
                    + " or the session id as a String, @BeforeSnapshot and @BeforeEnd take nothing");
        }
        method.setAccessible(true);
        if (Modifier.isStatic(method.getModifiers())) {
            return new Hook(method, null);
        }
        Object instance = instances.apply(method.getDeclaringClass()).orElseThrow(() -> new AgentDeploymentException(
                AnnotatedMethods.name(method) + " cannot be a hook: its class is neither the entrypoint's nor a CDI bean."
                        + " Make the method static or the class a bean"));
        return new Hook(method, instance);
    }
}
