package dev.agentruntime.sdk;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks the one method of a WAR that answers {@code POST /invocations}. The method is public, not static, and takes the
 * request's body, an {@link AgentContext}, both in this order, or neither. Calls come in parallel on one instance.
 *
 * <p>The body arrives as {@link java.io.InputStream}, {@code byte[]} or {@link String} (its text) where the parameter has
 * that type, and otherwise as what JSON-B makes of it.
 *
 * <p>The result leaves as JSON; a {@code String} as a JSON string. {@code void} answers 204. {@link java.io.InputStream} and
 * {@code byte[]} leave as they are. {@link java.util.concurrent.Flow.Publisher} and {@link java.util.stream.Stream} become
 * server-sent events, one per item. A {@link java.util.concurrent.CompletionStage} of any of these is awaited without
 * holding a thread. An exception becomes status 500 with a JSON error.
 *
 * <p>A WAR with none or several of these, or with a method of another shape, does not deploy; the message says why.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface AgentEntrypoint {

    /**
     * A body, usually JSON, with which a platform may call the method some times before there is any session, so that the
     * first session does not wait for classes to be loaded and compiled. The calls are marked by
     * {@link AgentContext#isWarmUp()}, their results are thrown away, and what they change stays: the method must be safe to
     * call like this. Empty, the default, for none: then only the way to the method is warmed.
     */
    String warmUp() default "";

    /**
     * Whether the application-scoped CDI beans that the entrypoint needs, its own class and what is injected into it and into
     * those, are made when the application starts. On the platform that is before the snapshot, so that no session waits for
     * them, and all sessions begin with what they hold. Switch it off where making them needs the session: its id, its time, a
     * connection or random numbers of its own that no {@link AfterRestore} method renews.
     */
    boolean early() default true;
}
