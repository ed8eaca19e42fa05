package dev.agentruntime.invocation;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Optional;

/** A public method of Liberty's own classes, which is looked for once in each of them: to look for it takes longer than what it does. */
final class LibertyMethod {

    private final String name;
    private final ClassValue<Optional<Method>> methods;

    LibertyMethod(String name, Class<?>... parameters) {
        this.name = name;
        this.methods = new ClassValue<>() {
            @Override
            protected Optional<Method> computeValue(Class<?> type) {
                try {
                    return Optional.of(type.getMethod(name, parameters));
                } catch (NoSuchMethodException notLiberty) {
                    return Optional.empty();
                }
            }
        };
    }

    /** @throws NoSuchMethodException {@code target} has none, and is another container's */
    Method find(Object target) throws NoSuchMethodException {
        if (target == null) {
            throw new NoSuchMethodException(name);
        }
        return methods.get(target.getClass()).orElseThrow(() -> new NoSuchMethodException(name));
    }

    /** What it returns. */
    Object on(Object target, Object... arguments) throws NoSuchMethodException, IllegalAccessException, InvocationTargetException {
        return find(target).invoke(target, arguments);
    }
}
