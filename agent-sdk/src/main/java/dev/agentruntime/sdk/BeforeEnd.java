package dev.agentruntime.sdk;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a method that the platform calls once when a session is about to end: because somebody stops it, because of its age or
 * idleness, with its server, or because its agent fails its pings. Save or hand over here what is to outlast the session; the way out
 * is open. Requests may still be running. After that the application is stopped, and then the machine is gone. Never called outside the
 * platform, and not when the machine ends by itself or has used up a budget.
 *
 * <p>The method has no parameters. It is static, or it belongs to the class of the entrypoint or to a CDI bean. The platform's
 * {@code endGrace} bounds it and the application's stop together. An exception is logged and keeps nothing else from its turn.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface BeforeEnd {
}
