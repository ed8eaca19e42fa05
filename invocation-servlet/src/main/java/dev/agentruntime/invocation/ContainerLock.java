package dev.agentruntime.invocation;

import jakarta.servlet.ServletInputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Optional;

/**
 * Lets a request's body be read outside its {@code ReadListener}.
 *
 * <p>Liberty's {@code isReady} begins an asynchronous read and notes only then that one is outstanding. If what it waits for
 * arrives in between, the callback clears the note before it was made, and from then on {@code isReady} is false for ever.
 * Callbacks hold a lock of the stream's, so a thread that holds it as well cannot be overtaken. Liberty has the lock in a
 * public method of a class that applications do not see; on a container without it, the stream is its own lock.
 */
record ContainerLock(Object lock) {

    private static final ClassValue<Optional<Method>> METHODS = new ClassValue<>() {
        @Override
        protected Optional<Method> computeValue(Class<?> type) {
            try {
                return Optional.of(type.getMethod("getCompleteLockObj"));
            } catch (NoSuchMethodException notLiberty) {
                return Optional.empty();
            }
        }
    };

    static ContainerLock of(ServletInputStream in) {
        return new ContainerLock(METHODS.get(in.getClass()).<Object>map(method -> {
            try {
                return method.invoke(in);
            } catch (IllegalAccessException | InvocationTargetException e) {
                throw new IllegalStateException("Liberty's request body does not give its lock: " + e.getMessage(), e);
            }
        }).orElse(in));
    }

    void run(Runnable reading) {
        synchronized (lock) {
            reading.run();
        }
    }
}
