package dev.agentruntime.invocation;

import jakarta.servlet.ServletContext;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.eclipse.jetty.client.BytesRequestContent;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.Callback;

/**
 * Goes an invocation's way as far as it can without a caller, once, on a thread of its own: loads the front door's classes, has an agent
 * answer that is none, and has Liberty sign a token that nobody gets. Otherwise a server's first caller waits until all of that has been
 * loaded. What fails is found out by whoever asks first, as it would have been.
 */
final class Rehearsal implements Runnable {

    private static final Logger LOG = Logger.getLogger(Rehearsal.class.getName());
    private static final String CLASSES = "/WEB-INF/classes/";
    private static final String SUFFIX = ".class";
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String BUILDER = "com.ibm.websphere.security.jwt.JwtBuilder";
    /** Signs what is thrown away at once. */
    private static final String KEY = "rehearsal-rehearsal-rehearsal-12";

    private final List<Callable<?>> parts;

    private Rehearsal(List<Callable<?>> parts) {
        this.parts = parts;
    }

    /** Begins, and does not wait for it. A process that has no thread for it goes on without. */
    static void begin(AgentClient client, ServletContext context) {
        ClassLoader own = Rehearsal.class.getClassLoader();
        begin(List.of(() -> token(own), () -> load(own, classes(context)), () -> answer(client)));
    }

    static void begin(List<Callable<?>> parts) {
        try {
            Thread thread = new Thread(new Rehearsal(parts), "agent-invocation-rehearsal");
            thread.setDaemon(true);
            thread.setContextClassLoader(Rehearsal.class.getClassLoader());
            thread.setPriority(Thread.MIN_PRIORITY);
            thread.start();
        } catch (OutOfMemoryError noThread) {
            LOG.log(Level.FINE, "No thread for a rehearsal", noThread);
        }
    }

    @Override
    public void run() {
        for (Callable<?> part : parts) {
            try {
                part.call();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (Exception | LinkageError e) {
                LOG.log(Level.FINE, "A part of the rehearsal failed", e);
            }
        }
    }

    /** The classes of this package, as names. */
    static List<String> classes(ServletContext context) {
        Set<String> paths = context.getResourcePaths(CLASSES + Rehearsal.class.getPackageName().replace('.', '/') + "/");
        return paths == null ? List.of() : paths.stream().filter(path -> path.endsWith(SUFFIX))
                .map(path -> path.substring(CLASSES.length(), path.length() - SUFFIX.length()).replace('/', '.')).toList();
    }

    /** Returns how many could be loaded. */
    static long load(ClassLoader loader, List<String> names) {
        return names.stream().filter(name -> {
            try {
                Class.forName(name, true, loader);
                return true;
            } catch (ClassNotFoundException | LinkageError e) {
                LOG.log(Level.FINE, e, () -> name + " was not loaded ahead");
                return false;
            }
        }).count();
    }

    /** The status with which the agent that is none has answered. */
    static int answer(AgentClient client) throws Exception {
        CompletableFuture<Result> over = new CompletableFuture<>();
        Request request = client.request("POST", "rehearsal", "/invocations", RehearsedAgent::new)
                .headers(headers -> headers.put(Headers.SESSION_ID, "rehearsal"))
                .body(new BytesRequestContent("application/json", RehearsedAgent.QUESTION.getBytes(StandardCharsets.US_ASCII)));
        request.onResponseContentSource((answer, source) -> Content.Source.consumeAll(source, Callback.NOOP));
        client.send(request, PATIENCE, over::complete);
        Result result = over.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        if (result.getFailure() instanceof Exception failed) {
            throw failed;
        }
        return result.getResponse().getStatus();
    }

    /** Whether Liberty has signed one. Its classes are loaded by name: they are there where tokens are verified. */
    static boolean token(ClassLoader loader) throws ReflectiveOperationException {
        Class<?> type = Class.forName(BUILDER, true, loader);
        Object builder = type.getMethod("create").invoke(null);
        type.getMethod("signWith", String.class, String.class).invoke(builder, "HS256", KEY);
        return Stream.ofNullable(type.getMethod("buildJwt").invoke(builder)).findAny().isPresent();
    }
}
