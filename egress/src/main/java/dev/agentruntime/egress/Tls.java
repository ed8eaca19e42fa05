package dev.agentruntime.egress;

import java.lang.reflect.InvocationTargetException;
import java.security.GeneralSecurityException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/** Where the host has trust and certificates from. */
@FunctionalInterface
interface Tls {

    /**
     * The context of Liberty's {@code <ssl>} of that id, or Java's own.
     *
     * @throws IllegalArgumentException there is none; the message names the setting
     */
    SSLContext context(Optional<String> ssl);

    /** A client's engine that checks the name of the host. */
    default SSLEngine engine(Upstream upstream) {
        SSLEngine engine = context(upstream.ssl()).createSSLEngine(
                upstream.destination().host().plain(), upstream.destination().port());
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        engine.setSSLParameters(parameters);
        return engine;
    }

    /** That of the server this runs in. */
    static SSLContext ofLiberty(Optional<String> ssl) {
        return ssl.map(Tls::libertys).orElseGet(Javas.CONTEXT::get);
    }

    /** Java's own trust store, whatever Liberty makes the default of: its default trusts its own certificate only. */
    final class Javas {

        private static final Supplier<SSLContext> CONTEXT = new Supplier<>() {
            private SSLContext made;

            @Override
            public synchronized SSLContext get() {
                if (made == null) {
                    made = context();
                }
                return made;
            }
        };

        private Javas() {}

        private static SSLContext context() {
            try {
                SSLContext context = SSLContext.getInstance("TLS");
                context.init(null, null, null);
                return context;
            } catch (GeneralSecurityException e) {
                throw new IllegalArgumentException("Java has no TLS: " + e.getMessage(), e);
            }
        }
    }

    /** JSSEHelper is Liberty's API for this. */
    private static SSLContext libertys(String id) {
        try {
            Class<?> helpers = Class.forName("com.ibm.websphere.ssl.JSSEHelper");
            Object helper = helpers.getMethod("getInstance").invoke(null);
            Class<?> listener = Class.forName("com.ibm.websphere.ssl.SSLConfigChangeListener");
            return (SSLContext) helpers.getMethod("getSSLContext", String.class, Map.class, listener).invoke(helper, id, null, null);
        } catch (InvocationTargetException e) {
            throw new IllegalArgumentException("The attribute ssl of an <outbound> is '" + id + "', which Liberty cannot use: "
                    + e.getCause().getMessage() + ". Name the id of an <ssl> element", e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException("The attribute ssl of an <outbound> is '" + id
                    + "', and this server has no TLS of Liberty's: add <feature>transportSecurity-1.0</feature>", e);
        }
    }
}
