package dev.agentruntime.sdk;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** Finds the methods that carry one of the SDK's annotations. */
final class AnnotatedMethods {

    private AnnotatedMethods() {
    }

    /** In a stable order. The bridge methods to which the compiler copies annotations are left out. */
    static List<Method> with(Class<? extends Annotation> annotation, Collection<Class<?>> classes) {
        return classes.stream().distinct()
                .flatMap(type -> Arrays.stream(declared(type)))
                .filter(method -> method.isAnnotationPresent(annotation) && !method.isBridge())
                .sorted(Comparator.comparing(AnnotatedMethods::name))
                .toList();
    }

    /** The method as an error names it: {@code com.acme.Hello.invoke(Prompt, AgentContext)}. */
    static String name(Method method) {
        return method.getDeclaringClass().getName() + "." + method.getName() + Arrays.stream(method.getParameterTypes())
                .map(Class::getSimpleName).collect(Collectors.joining(", ", "(", ")"));
    }

    private static Method[] declared(Class<?> type) {
        try {
            return type.getDeclaredMethods();
        } catch (LinkageError e) {
            throw new AgentDeploymentException("The methods of " + type.getName() + " cannot be read: "
                    + e + ". Add the missing class to the WAR", e);
        }
    }
}
