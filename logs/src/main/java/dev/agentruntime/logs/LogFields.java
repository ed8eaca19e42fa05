package dev.agentruntime.logs;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Fields of their own that records of Liberty's log get: {@code ext_agent} and {@code ext_session} in its JSON. They are set by
 * Liberty's {@code com.ibm.websphere.logging.hpel.LogRecordContext}, looked up by name; without it records have none.
 */
final class LogFields {

    private static final String CONTEXT = "com.ibm.websphere.logging.hpel.LogRecordContext";
    private static final Optional<MethodHandle> ADD = method("addExtension", MethodType.methodType(void.class, String.class, String.class));
    private static final Optional<MethodHandle> REMOVE = method("removeExtension", MethodType.methodType(boolean.class, String.class));

    private final Map<String, String> fields;

    private LogFields(Map<String, String> fields) {
        this.fields = fields;
    }

    static LogFields of(String agent, String session) {
        return new LogFields(new TreeMap<>(Map.of("agent", agent, "session", session)));
    }

    /** Has {@code logging} log with these fields, on this thread. */
    void during(Runnable logging) {
        fields.forEach((name, value) -> ADD.ifPresent(add -> call(add, name, value)));
        try {
            logging.run();
        } finally {
            fields.keySet().forEach(name -> REMOVE.ifPresent(remove -> call(remove, name)));
        }
    }

    private static void call(MethodHandle method, Object... arguments) {
        try {
            method.invokeWithArguments(arguments);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static Optional<MethodHandle> method(String name, MethodType type) {
        try {
            Class<?> context = Class.forName(CONTEXT, true, LogFields.class.getClassLoader());
            return Optional.of(MethodHandles.publicLookup().findStatic(context, name, type));
        } catch (ReflectiveOperationException | LinkageError anotherLog) {
            return Optional.empty();
        }
    }
}
