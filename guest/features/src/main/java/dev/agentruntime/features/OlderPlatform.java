package dev.agentruntime.features;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Packages and classes of Java EE 8 and older, as far as they are not in Java SE too. */
final class OlderPlatform {
    private static final List<String> NAMES = List.of("javax.servlet", "javax.ws.rs", "javax.enterprise", "javax.inject", "javax.ejb",
            "javax.persistence", "javax.json", "javax.faces", "javax.validation", "javax.websocket", "javax.jms", "javax.mail",
            "javax.interceptor", "javax.decorator", "javax.batch", "javax.el", "javax.annotation.security", "javax.annotation.sql",
            "javax.annotation.PostConstruct", "javax.annotation.PreDestroy", "javax.annotation.Resource", "javax.annotation.ManagedBean",
            "javax.annotation.Priority", "javax.transaction.Transactional", "javax.transaction.UserTransaction", "javax.security.enterprise",
            "javax.security.jacc", "javax.security.auth.message", "javax.resource", "javax.jws", "javax.xml.ws", "javax.xml.bind");

    /** Kinds of features by what they were called before, or by the whole platform that no guest has. */
    private static final Map<String, String> KINDS = Map.ofEntries(Map.entry("jpa", "persistence"), Map.entry("jpacontainer", "persistenceContainer"),
            Map.entry("jsp", "pages"), Map.entry("jsf", "faces"), Map.entry("jsfcontainer", "facesContainer"), Map.entry("ejblite", "enterpriseBeansLite"),
            Map.entry("ejb", "enterpriseBeansLite"), Map.entry("enterprisebeans", "enterpriseBeansLite"), Map.entry("javamail", "mail"),
            Map.entry("jaxrs", "restfulWS"), Map.entry("jaxrsclient", "restfulWSClient"), Map.entry("el", "expressionLanguage"), Map.entry("jaxb", "xmlBinding"),
            Map.entry("jacc", "appAuthorization"), Map.entry("jaspic", "appAuthentication"), Map.entry("jakartaee", "webProfile"), Map.entry("javaee", "webProfile"));

    private OlderPlatform() {
    }

    /** Whether a class, named with dots, is one of these. */
    static boolean has(String className) {
        return NAMES.stream().anyMatch(name -> className.equals(name) || className.startsWith(name + "."));
    }

    /** What a kind of feature is called in Jakarta EE 10, where that has changed. */
    static Optional<String> kindNow(String kind) {
        return Optional.ofNullable(KINDS.get(kind));
    }
}
