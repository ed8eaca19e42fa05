package dev.agentruntime.invocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.api.InboundIdentity;
import dev.agentruntime.api.InboundRequest;
import dev.agentruntime.api.InboundVerdict;
import dev.agentruntime.api.TokensTaken;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class InboundInJndiTest {

    private final AtomicInteger looks = new AtomicInteger();
    private Optional<InboundIdentity> inJndi = Optional.empty();
    private final InboundInJndi room = new InboundInJndi(() -> {
        looks.incrementAndGet();
        return inJndi;
    });

    private static final class Room implements InboundIdentity {
        private boolean open = true;

        @Override
        public boolean isOpen() {
            return open;
        }

        @Override
        public InboundVerdict judge(InboundRequest request) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<TokensTaken> tokens(String runtime, String qualifier) {
            throw new UnsupportedOperationException();
        }
    }

    @Test
    void aRoomThatIsOpenIsLookedUpOnce() {
        inJndi = Optional.of(new Room());
        for (int i = 0; i < 3; i++) {
            assertThat(room.get()).isSameAs(inJndi).isPresent();
        }
        assertThat(looks).hasValue(1);
    }

    @Test
    void oneThatHasClosedIsNeverAskedAgain() {
        Room first = new Room();
        inJndi = Optional.of(first);
        room.get();
        first.open = false;
        inJndi = Optional.empty();
        assertThat(room.get()).isEmpty();
        Room second = new Room();
        inJndi = Optional.of(second);
        assertThat(room.get()).containsSame(second);
    }

    @Test
    void oneThatIsNotThereYetIsLookedForEachTime() {
        assertThat(room.get()).isEmpty();
        inJndi = Optional.of(new Room());
        assertThat(room.get()).isPresent();
        assertThat(looks).hasValue(2);
    }

    @Test
    void oneThatIsFoundClosedIsAskedOnceAsBeforeAndLookedUpAnewTheNextTime() {
        Room closing = new Room();
        closing.open = false;
        inJndi = Optional.of(closing);
        assertThat(room.get()).containsSame(closing);
        inJndi = Optional.of(new Room());
        assertThat(room.get()).isSameAs(inJndi);
    }
}
