package dev.agentruntime.sdk;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a method that the platform calls in every new session, after the machine has fresh entropy, its clock and its host
 * name, and before the first request. Draw here what must differ between sessions. Never called outside the platform.
 * Called some times before the snapshot as well, to warm its way, with session ids of the platform's own: it must be
 * repeatable.
 *
 * <p>The method takes nothing or the session id as a {@code String}. It is static, or it belongs to the class of the
 * entrypoint or to a CDI bean. An exception fails the session's start.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface AfterRestore {
}
