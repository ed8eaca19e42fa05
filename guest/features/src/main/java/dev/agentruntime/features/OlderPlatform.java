package dev.agentruntime.features;

import java.util.List;

/** Packages and classes of Java EE 8 and older, as far as they are not in Java SE too. */
final class OlderPlatform {
    private static final List<String> NAMES = List.of("javax.servlet", "javax.ws.rs", "javax.enterprise", "javax.inject", "javax.ejb",
            "javax.persistence", "javax.json", "javax.faces", "javax.validation", "javax.websocket", "javax.jms", "javax.mail",
            "javax.interceptor", "javax.decorator", "javax.batch", "javax.el", "javax.annotation.security", "javax.annotation.sql",
            "javax.annotation.PostConstruct", "javax.annotation.PreDestroy", "javax.annotation.Resource", "javax.annotation.ManagedBean",
            "javax.annotation.Priority", "javax.transaction.Transactional", "javax.transaction.UserTransaction", "javax.security.enterprise",
            "javax.security.jacc", "javax.security.auth.message", "javax.resource", "javax.jws", "javax.xml.ws", "javax.xml.bind");

    private OlderPlatform() {
    }

    /** Whether a class, named with dots, is one of these. */
    static boolean has(String className) {
        return NAMES.stream().anyMatch(name -> className.equals(name) || className.startsWith(name + "."));
    }
}
