package dev.agentruntime.sdk;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * On a {@code String} parameter of the entrypoint, behind body and context: the API key of a credential provider, as
 * {@link AgentCredentials#apiKey} gives it. While the platform only warms the agent up it is empty.
 */
@Documented
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
public @interface RequiresApiKey {

    /** The provider's name. */
    String value();
}
