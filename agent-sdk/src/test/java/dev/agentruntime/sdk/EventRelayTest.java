package dev.agentruntime.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class EventRelayTest {

    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    private final AtomicInteger ends = new AtomicInteger();
    private final Subscription subscription = new Subscription();

    private static final class Subscription implements Flow.Subscription {
        private final List<String> calls = new ArrayList<>();

        @Override
        public void request(long n) {
            calls.add("request " + n);
        }

        @Override
        public void cancel() {
            calls.add("cancel");
        }
    }

    public static final class Unwritable {
        public String getValue() {
            throw new IllegalStateException("no value");
        }
    }

    @Test
    void theNextItemIsAskedForWhenOneIsSent() {
        EventRelay relay = relay(sent);
        relay.onSubscribe(subscription);
        relay.onNext("one");
        relay.onNext(Map.of("n", 2));
        assertThat(subscription.calls).containsExactly("request 1", "request 1", "request 1");
        assertThat(sent.toString(StandardCharsets.UTF_8)).isEqualTo("data: \"one\"\n\ndata: {\"n\":2}\n\n");
        assertThat(ends).hasValue(0);
    }

    @Test
    void eachEventIsFlushed() {
        AtomicInteger flushes = new AtomicInteger();
        EventRelay relay = relay(new ByteArrayOutputStream() {
            @Override
            public void flush() {
                flushes.incrementAndGet();
            }
        });
        relay.onSubscribe(subscription);
        relay.onNext(1);
        relay.onNext(2);
        assertThat(flushes).hasValue(2);
    }

    @Test
    void aFailureBecomesTheLastItem() {
        EventRelay relay = relay(sent);
        relay.onSubscribe(subscription);
        relay.onNext(1);
        relay.onError(new IllegalStateException("out of words"));
        relay.onNext(2);
        relay.onComplete();
        assertThat(sent.toString(StandardCharsets.UTF_8)).startsWith("data: 1\n\ndata: {\"error\":\"out of words\"")
                .contains("\"error_type\":\"java.lang.IllegalStateException\"").endsWith("}\n\n").doesNotContain("data: 2");
        assertThat(ends).hasValue(1);
    }

    @Test
    void anItemThatIsNoJsonEndsTheStream() {
        EventRelay relay = relay(sent);
        relay.onSubscribe(subscription);
        relay.onNext(new Unwritable());
        assertThat(subscription.calls).containsExactly("request 1", "cancel");
        assertThat(sent.toString(StandardCharsets.UTF_8)).startsWith("data: {\"error\":").contains("Unwritable");
        assertThat(ends).hasValue(1);
    }

    public static final class Endless {
        public Endless getMore() {
            return new Endless();
        }
    }

    @Test
    void anItemThatHasNoEndEndsTheStream() {
        EventRelay relay = relay(sent);
        relay.onSubscribe(subscription);
        relay.onNext(new Endless());
        assertThat(subscription.calls).containsExactly("request 1", "cancel");
        assertThat(sent.toString(StandardCharsets.UTF_8)).startsWith("data: {\"error\":").contains("Endless", "it is nested too deeply, or has no end");
        assertThat(ends).hasValue(1);
    }

    @Test
    void anErrorOfThePublishersItemEndsTheStreamToo() {
        EventRelay relay = relay(sent);
        relay.onSubscribe(subscription);
        relay.onNext(new Object() {
            @SuppressWarnings("unused")
            public String getValue() {
                throw new NoClassDefFoundError("a class that the WAR has lost");
            }
        });
        assertThat(ends).hasValue(1);
    }

    @Test
    void aClientThatLeftCancelsThePublisher() {
        EventRelay relay = relay(new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("broken pipe");
            }
        });
        relay.onSubscribe(subscription);
        relay.onNext(1);
        relay.onNext(2);
        relay.clientGone(new IOException("again"));
        assertThat(subscription.calls).containsExactly("request 1", "cancel");
        assertThat(ends).hasValue(1);
    }

    @Test
    void aSecondSubscriptionIsRefused() {
        EventRelay relay = relay(sent);
        relay.onSubscribe(subscription);
        Subscription second = new Subscription();
        relay.onSubscribe(second);
        assertThat(second.calls).containsExactly("cancel");
        assertThat(subscription.calls).containsExactly("request 1");
    }

    @Test
    void jsonOfSeveralLinesStaysOneEvent() {
        assertThat(EventStream.frame("{\n \"a\": 1\n}")).isEqualTo("data: {\ndata:  \"a\": 1\ndata: }\n\n");
        assertThat(EventStream.frame("\"\"")).isEqualTo("data: \"\"\n\n");
    }

    private EventRelay relay(OutputStream out) {
        return new EventRelay(new EventStream(out, Json.create()), ends::incrementAndGet, "Request r");
    }
}
