package dev.agentruntime.sdk;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * On a {@code String} parameter of the entrypoint, behind body and context: an access token, as {@link AgentCredentials#accessToken} gives
 * it. Where the user has to consent first, the caller is answered with the URL for that, and the entrypoint is not called. While the
 * platform only warms the agent up it is empty.
 */
@Documented
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
public @interface RequiresAccessToken {

    /** The provider's name. */
    String provider();

    /** What the token is to give a right to. */
    String[] scopes() default {};

    /** How it is got. */
    AccessFlow flow() default AccessFlow.USER_FEDERATION;
}
