package dev.agentruntime.sdk;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a method that the platform calls before it saves the running agent as the template of all its sessions. Close here
 * what must not be shared: connections, half-used buffers, secrets. Never called outside the platform.
 *
 * <p>The method has no parameters. It is static, or it belongs to the class of the entrypoint or to a CDI bean. An
 * exception fails the template.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface BeforeSnapshot {
}
