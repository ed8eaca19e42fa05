package dev.agentruntime.invocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.api.Subject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class OpenSocketsTest {

    private final OpenSockets sockets = new OpenSockets();

    private static Subject subject(int number) {
        return new Subject("https://idp.test", "subject-" + number);
    }

    private static void throttled(String why, ThrowingCallable taking) {
        assertThatThrownBy(taking).isInstanceOfSatisfying(RequestException.class, e -> assertThat(e.kind()).isEqualTo(Kind.THROTTLED))
                .hasMessageContaining(why);
    }

    @Test
    void oneSubjectHasItsShareAndTakesNobodyElses() {
        List<OpenSockets.Place> places = new ArrayList<>();
        for (int i = 0; i < OpenSockets.MOST_OF_ONE_SUBJECT; i++) {
            places.add(sockets.ofSubject(subject(1)));
        }
        throttled("You have 200", () -> sockets.ofSubject(subject(1)));
        sockets.ofSubject(subject(2)).close();
        places.get(0).close();
        places.get(0).close();
        sockets.ofSubject(subject(1));
        throttled("You have 200", () -> sockets.ofSubject(subject(1)));
    }

    @Test
    void thereAreSoManyInAll() {
        for (int i = 0; i < OpenSockets.MOST; i++) {
            sockets.ofSubject(subject(i));
        }
        throttled("in this server", () -> sockets.ofSubject(subject(-1)));
    }

    @Test
    void oneSessionHasItsShare() {
        for (int i = 0; i < OpenSockets.MOST_OF_ONE_SESSION; i++) {
            sockets.ofSession("vm");
        }
        throttled("This session has 32", () -> sockets.ofSession("vm"));
        sockets.ofSession("another");
    }

    @Test
    void whatIsOpenIsStoppedWhenTheFrontDoorCloses() {
        AtomicInteger stopped = new AtomicInteger();
        sockets.until(stopped::incrementAndGet);
        sockets.until(stopped::incrementAndGet).close();
        sockets.close();
        assertThat(stopped).hasValue(1);
    }
}
