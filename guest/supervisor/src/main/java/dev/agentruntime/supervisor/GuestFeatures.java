package dev.agentruntime.supervisor;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Packages of Jakarta EE and MicroProfile that no feature of the guest's Open Liberty provides. */
final class GuestFeatures {
    /** Package, and the feature that would provide it. */
    private static final Map<String, String> MISSING = new LinkedHashMap<>();

    /** Of Java EE 8 and older. Only what is not in Java SE too. */
    private static final List<String> OLDER = List.of("javax.servlet", "javax.ws.rs", "javax.enterprise", "javax.inject", "javax.ejb",
            "javax.persistence", "javax.json", "javax.faces", "javax.validation", "javax.websocket", "javax.jms", "javax.mail",
            "javax.interceptor", "javax.decorator", "javax.batch", "javax.el", "javax.annotation.security", "javax.annotation.PostConstruct",
            "javax.annotation.PreDestroy", "javax.annotation.Resource", "javax.transaction.Transactional", "javax.transaction.UserTransaction");

    static {
        MISSING.put("org.eclipse.microprofile.faulttolerance", "mpFaultTolerance");
        MISSING.put("org.eclipse.microprofile.metrics", "mpMetrics");
        MISSING.put("org.eclipse.microprofile.health", "mpHealth");
        MISSING.put("org.eclipse.microprofile.openapi", "mpOpenAPI");
        MISSING.put("org.eclipse.microprofile.jwt", "mpJwt");
        MISSING.put("org.eclipse.microprofile.opentracing", "mpOpenTracing");
        MISSING.put("io.opentelemetry", "mpTelemetry");
        MISSING.put("org.eclipse.microprofile.graphql", "mpGraphQL");
        MISSING.put("org.eclipse.microprofile.reactive", "mpReactiveMessaging");
        MISSING.put("org.eclipse.microprofile.context", "mpContextPropagation");
        MISSING.put("jakarta.annotation.security", "appSecurity");
        MISSING.put("jakarta.security.enterprise", "appSecurity");
        MISSING.put("jakarta.security.jacc", "appAuthorization");
        MISSING.put("jakarta.security.auth", "appAuthentication");
        MISSING.put("jakarta.persistence", "persistence");
        MISSING.put("jakarta.data", "data");
        MISSING.put("jakarta.faces", "faces");
        MISSING.put("jakarta.servlet.jsp", "pages");
        MISSING.put("jakarta.ejb", "enterpriseBeans");
        MISSING.put("jakarta.jms", "messaging");
        MISSING.put("jakarta.mail", "mail");
        MISSING.put("jakarta.batch", "batch");
        MISSING.put("jakarta.resource", "connectors");
        MISSING.put("jakarta.xml.bind", "xmlBinding");
        MISSING.put("jakarta.xml.ws", "xmlWS");
        MISSING.put("jakarta.jws", "xmlWS");
    }

    private GuestFeatures() {
    }

    /** The packages, named with dots. */
    static Iterable<String> missingPackages() {
        return MISSING.keySet();
    }

    static List<String> olderPackages() {
        return OLDER;
    }

    /** The feature that would provide a class or package; empty when the guest has it, or no feature would. */
    static Optional<String> missingFor(String name) {
        return MISSING.entrySet().stream().filter(entry -> covers(entry.getKey(), name)).map(entry -> "the feature " + entry.getValue()).findFirst();
    }

    static boolean isOfOlderPlatform(String name) {
        return OLDER.stream().anyMatch(older -> covers(older, name));
    }

    private static boolean covers(String prefix, String name) {
        return name.equals(prefix) || name.startsWith(prefix + ".");
    }
}
