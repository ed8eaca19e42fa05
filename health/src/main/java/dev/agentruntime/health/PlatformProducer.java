package dev.agentruntime.health;

import dev.agentruntime.api.Platform;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import javax.naming.InitialContext;
import javax.naming.NamingException;

/**
 * Makes the platform injectable. It is looked up at its first use, and again when it was not there yet. What was found is good for
 * the application's life: it forwards to the platform of the moment.
 */
@Singleton
final class PlatformProducer {

    @Produces
    @ApplicationScoped
    Platform platform() {
        try {
            return (Platform) new InitialContext().lookup(Platform.JNDI_NAME);
        } catch (NamingException e) {
            throw new IllegalStateException("The agent runtime is not in JNDI as " + Platform.JNDI_NAME
                    + ": it is still starting, or its configuration was refused; see the AGRT messages above", e);
        }
    }
}
