package dev.agentruntime.invocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class SignInTest {

    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger told = new AtomicInteger();
    private volatile String challenge = "";
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress("localhost", 0), 0);
        server.createContext("/", exchange -> {
            requests.incrementAndGet();
            exchange.getResponseHeaders().add("WWW-Authenticate", challenge);
            exchange.sendResponseHeaders(401, -1);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void aServerThatAsksForPasswordsIsToldOnce() {
        challenge = "Basic realm=\"defaultRealm\"";

        try (SignIn check = check(Duration.ofMillis(200))) {
            check.begin();
            await().untilAsserted(() -> assertThat(told).hasValue(1));
        }

        assertThat(requests).hasValueGreaterThan(1);
    }

    @Test
    void aServerThatAsksForTokensAfterAWhileIsNotTold() {
        challenge = "Basic realm=\"defaultRealm\"";

        try (SignIn check = check(Duration.ofMinutes(1))) {
            check.begin();
            await().until(() -> requests.get() > 1);
            challenge = "Bearer realm=\"MP-JWT\"";
            int before = requests.get();
            await().until(() -> requests.get() > before);
            int after = requests.get();
            await().during(Duration.ofMillis(300)).until(() -> requests.get() <= after + 1);
        }

        assertThat(told).hasValue(0);
    }

    @Test
    void aServerThatDoesNotListenIsNotTold() {
        try (SignIn check = new SignIn(Optional::empty, Duration.ofMillis(100), Duration.ofMillis(10), told::incrementAndGet)) {
            check.begin();
            await().during(Duration.ofMillis(300)).until(() -> told.get() == 0);
        }

        assertThat(requests).hasValue(0);
    }

    @Test
    void nothingIsAskedAfterTheEnd() {
        challenge = "Basic realm=\"defaultRealm\"";
        SignIn check = check(Duration.ofMinutes(1));
        check.begin();
        await().until(() -> requests.get() > 0);

        check.close();
        int atMost = requests.get() + 1; // one may be on its way

        await().during(Duration.ofMillis(300)).until(() -> requests.get() <= atMost);
    }

    private SignIn check(Duration patience) {
        URI door = URI.create("http://localhost:" + server.getAddress().getPort() + "/agents/runtimes");
        return new SignIn(() -> Optional.of(door), patience, Duration.ofMillis(20), told::incrementAndGet);
    }
}
