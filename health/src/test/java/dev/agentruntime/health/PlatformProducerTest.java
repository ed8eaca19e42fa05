package dev.agentruntime.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.api.Platform;
import java.util.Hashtable;
import java.util.Optional;
import javax.naming.Context;
import javax.naming.InitialContext;
import javax.naming.NameNotFoundException;
import javax.naming.NamingException;
import javax.naming.spi.InitialContextFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PlatformProducerTest {

    private static Optional<Platform> published = Optional.empty();

    @BeforeEach
    void useOurNames() {
        published = Optional.empty();
        System.setProperty(Context.INITIAL_CONTEXT_FACTORY, Names.class.getName());
    }

    @AfterEach
    void useNoNames() {
        System.clearProperty(Context.INITIAL_CONTEXT_FACTORY);
    }

    @Test
    void thePlatformIsLookedUpAgainWhenItWasNotThereYet() {
        PlatformProducer producer = new PlatformProducer();
        assertThatThrownBy(producer::platform).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(Platform.JNDI_NAME).hasMessageContaining("see the AGRT messages");
        FakePlatform platform = new FakePlatform();
        published = Optional.of(platform);
        assertThat(producer.platform()).isSameAs(platform);
    }

    /** Knows one name. */
    public static final class Names implements InitialContextFactory {
        @Override
        public Context getInitialContext(Hashtable<?, ?> environment) throws NamingException {
            return new InitialContext(true) {
                @Override
                public Object lookup(String name) throws NamingException {
                    return published.filter(platform -> name.equals(Platform.JNDI_NAME))
                            .orElseThrow(() -> new NameNotFoundException(name));
                }
            };
        }
    }
}
