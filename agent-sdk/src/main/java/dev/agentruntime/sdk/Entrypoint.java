package dev.agentruntime.sdk;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** The method that answers invocations, checked when the WAR is deployed. Immutable. */
final class Entrypoint {

    private static final String SHAPE = "An entrypoint takes the body, an AgentContext, both in this order, or nothing,"
            + " and behind these Strings with @RequiresApiKey or @RequiresAccessToken";

    private final Method method;
    private final BodyReader body;
    private final List<Argument> arguments;

    /** What a parameter is given. */
    private sealed interface Argument {
        record OfBody() implements Argument {}

        record OfContext() implements Argument {}

        /** @param got from the platform */
        record OfPlatform(Function<AgentCredentials, String> got) implements Argument {}

        Argument BODY = new OfBody();
        Argument CONTEXT = new OfContext();
    }

    @FunctionalInterface
    private interface BodyReader {
        Object read(Body body, Json json) throws IOException;
    }

    private Entrypoint(Method method, List<Argument> arguments) {
        this.method = method;
        this.arguments = arguments;
        this.body = arguments.contains(Argument.BODY) ? reader() : (given, json) -> null;
        method.setAccessible(true);
    }

    /** Finds the one entrypoint among the classes that carry one of the SDK's annotations. */
    static Entrypoint among(Collection<Class<?>> classes) {
        List<Method> found = AnnotatedMethods.with(AgentEntrypoint.class, classes);
        if (found.isEmpty()) {
            throw new AgentDeploymentException("The WAR contains the Agent SDK but no method with @AgentEntrypoint."
                    + " Put it on the one public method that answers POST /invocations,"
                    + " and keep that class in WEB-INF/classes or in a jar in WEB-INF/lib");
        }
        if (found.size() > 1) {
            throw new AgentDeploymentException("The WAR has " + found.size() + " methods with @AgentEntrypoint: "
                    + String.join(" and ", found.stream().map(AnnotatedMethods::name).toList())
                    + ". A WAR is one agent: keep the annotation on one of them");
        }
        return of(found.get(0));
    }

    static Entrypoint of(Method method) {
        require(Modifier.isPublic(method.getModifiers()), method, "it is not public. Make it public");
        require(!Modifier.isStatic(method.getModifiers()), method, "it is static. Make it an instance method");
        Class<?> owner = method.getDeclaringClass();
        require(!owner.isInterface() && !Modifier.isAbstract(owner.getModifiers()), method,
                owner.getName() + " is abstract. Move the annotation to a concrete class");
        List<Argument> arguments = Stream.of(method.getParameters()).map(parameter -> argument(parameter, method)).toList();
        List<Argument> first = arguments.stream().takeWhile(argument -> !(argument instanceof Argument.OfPlatform)).toList();
        boolean known = first.isEmpty() || first.equals(List.of(Argument.BODY))
                || first.equals(List.of(Argument.CONTEXT)) || first.equals(List.of(Argument.BODY, Argument.CONTEXT));
        boolean lastOnly = arguments.stream().skip(first.size()).allMatch(Argument.OfPlatform.class::isInstance);
        require(known && lastOnly, method, "its parameters do not fit. " + SHAPE);
        if (arguments.contains(Argument.BODY)) {
            Class<?> type = method.getParameterTypes()[0];
            require(!(method.getGenericParameterTypes()[0] instanceof TypeVariable), method,
                    "its first parameter is a type variable, so the JSON has no known type. Name a class");
            require(!type.getName().startsWith("jakarta.servlet."), method,
                    type.getName() + " cannot be read from the body. " + SHAPE);
            require(type != AgentDocument.class, method,
                    "a document is a field of the body. Name a record with components of type AgentDocument");
        }
        return new Entrypoint(method, arguments);
    }

    private static Argument argument(Parameter parameter, Method method) {
        RequiresApiKey key = parameter.getAnnotation(RequiresApiKey.class);
        RequiresAccessToken token = parameter.getAnnotation(RequiresAccessToken.class);
        if (key == null && token == null) {
            return parameter.getType() == AgentContext.class ? Argument.CONTEXT : Argument.BODY;
        }
        require(parameter.getType() == String.class && (key == null || token == null), method,
                "a parameter with @RequiresApiKey or @RequiresAccessToken is a String and has one of them");
        return new Argument.OfPlatform(key != null ? platform -> platform.apiKey(key.value())
                : platform -> platform.accessToken(token.provider(), List.of(token.scopes()), token.flow()));
    }

    Class<?> owner() {
        return method.getDeclaringClass();
    }

    /** What the method may be warmed up with, if the agent allows it. */
    Optional<byte[]> warmUp() {
        return Optional.of(method.getAnnotation(AgentEntrypoint.class)).map(AgentEntrypoint::warmUp)
                .filter(body -> !body.isEmpty()).map(body -> body.getBytes(StandardCharsets.UTF_8));
    }

    /** Whether the beans it needs are made with the application. */
    boolean isEarly() {
        return method.getAnnotation(AgentEntrypoint.class).early();
    }

    boolean takesDocuments() {
        return arguments.contains(Argument.BODY) && !DocumentFields.of(method.getGenericParameterTypes()[0]).isEmpty();
    }

    boolean isVoid() {
        return result() == void.class;
    }

    /** What the method is declared to return. */
    Class<?> result() {
        return method.getReturnType();
    }

    /** Reads what the method takes. Blocks until the body is there, unless the method wants the stream itself. */
    Object[] arguments(Body given, Json json, AgentContext context) throws IOException {
        Object[] values = new Object[arguments.size()];
        for (int i = 0; i < values.length; i++) {
            Argument argument = arguments.get(i);
            values[i] = argument instanceof Argument.OfPlatform platform ? context.isWarmUp() ? "" : platform.got().apply(context.credentials())
                    : argument.equals(Argument.BODY) ? body.read(given, json) : context;
        }
        return values;
    }

    /** Calls the method; what it throws comes out as it was thrown. */
    Object call(Object instance, Object[] arguments) throws Throwable {
        try {
            return method.invoke(instance, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    @Override
    public String toString() {
        return AnnotatedMethods.name(method);
    }

    private BodyReader reader() {
        Class<?> type = method.getParameterTypes()[0];
        if (type == InputStream.class) {
            return (given, json) -> given.stream();
        }
        if (type == byte[].class) {
            return (given, json) -> given.stream().readAllBytes();
        }
        if (type == String.class) {
            return (given, json) -> Json.text(given.stream(), given.charset());
        }
        Type declared = method.getGenericParameterTypes()[0];
        DocumentFields documents = DocumentFields.of(declared);
        return documents.isEmpty()
                ? (given, json) -> json.read(given.stream(), given.charset(), declared)
                : (given, json) -> given.documents().during(() -> given.isForm()
                        ? json.read(new StringReader(Forms.json(given.parts(), documents, given.documents())), declared)
                        : json.read(given.stream(), given.charset(), documents, given.documents(), declared));
    }

    private static void require(boolean fulfilled, Method method, String complaint) {
        if (!fulfilled) {
            throw new AgentDeploymentException(
                    AnnotatedMethods.name(method) + " cannot be the agent's entrypoint: " + complaint);
        }
    }
}
