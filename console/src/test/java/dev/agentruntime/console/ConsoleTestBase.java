package dev.agentruntime.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.api.ConnectionsView;
import dev.agentruntime.api.Cost;
import dev.agentruntime.api.LogLine;
import dev.agentruntime.api.RoomOperations;
import dev.agentruntime.api.SessionConnections;
import dev.agentruntime.api.SessionCosts;
import dev.agentruntime.api.SessionLog;
import dev.agentruntime.api.SessionLogs;
import dev.agentruntime.spi.fake.ManualClock;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A console with a platform and rooms of the test's, and a registry in which everybody's password is their name. */
abstract class ConsoleTestBase {

    static final String ROOT = "/agents/console";
    private static final Pattern SECRET = Pattern.compile("name=\"csrf\" value=\"([^\"]+)\"");

    final ManualClock clock = new ManualClock(Instant.parse("2026-01-31T12:00:00Z"));
    final TestPlatform platform = new TestPlatform();
    ConsoleSettings settings = new ConsoleSettings(Optional.of(TestPlatform.ISSUER), ConsoleSettings.STANDARD.idleTimeout(), ConsoleSettings.STANDARD.lifetime());
    List<LogLine> log = List.of();
    Optional<ConnectionsView> out = Optional.empty();
    Optional<RoomOperations> accounting = Optional.empty();
    final Console console = new Console(new Rooms(platform,
            () -> Optional.of((SessionCosts) usage -> Optional.of(new Cost(new BigDecimal("0.25"), "USD"))),
            () -> Optional.of((SessionLogs) session -> Optional.of(kept())),
            () -> Optional.of((SessionConnections) session -> out), () -> accounting), () -> settings, clock);
    final Door registry = (user, password) -> !password.equals(user) ? new Door.Outcome.Wrong()
            : user.equals("eve") ? new Door.Outcome.NoRole() : new Door.Outcome.In(new Person(user, user.equals("ada")));

    private SessionLog kept() {
        return new SessionLog() {
            @Override
            public Follower latest(int lines) {
                return new Follower() {
                    private boolean read;

                    @Override
                    public List<LogLine> next() {
                        List<LogLine> next = read ? List.of() : log;
                        read = true;
                        return next;
                    }

                    @Override
                    public boolean atEnd() {
                        return read;
                    }

                    @Override
                    public void onNews(Runnable callback) {}

                    @Override
                    public void close() {}
                };
            }

            @Override
            public Follower after(long number) {
                throw new UnsupportedOperationException();
            }
        };
    }

    Asked asked(String method, String path, String form, Optional<String> visit) {
        int mark = path.indexOf('?');
        return new Asked(method, mark < 0 ? path : path.substring(0, mark), Fields.of(mark < 0 ? "" : path.substring(mark + 1)), Fields.of(form), visit,
                Optional.of("same-origin"), ROOT, "192.0.2.7", Asked.Link.SECURE);
    }

    Answer get(String path, Optional<String> visit) {
        return console.answer(asked("GET", path, "", visit), registry);
    }

    Answer post(String path, String form, Optional<String> visit) {
        return console.answer(asked("POST", path, form, visit), registry);
    }

    /** The id of a visit that begins now. */
    Optional<String> signedIn(String user) {
        Answer answer = post("/login", Fields.encoded("user", user) + "&" + Fields.encoded("password", user), Optional.empty());
        assertThat(answer.status()).as(answer.body()).isEqualTo(303);
        Matcher cookie = Pattern.compile(Console.COOKIE + "=([^;]+);.*").matcher(answer.headers().get("Set-Cookie"));
        assertThat(cookie.matches()).isTrue();
        return Optional.of(cookie.group(1));
    }

    /** What the forms of this visit bring along. */
    String secret(Optional<String> visit) {
        Matcher secret = SECRET.matcher(get("/sessions", visit).body());
        assertThat(secret.find()).isTrue();
        return Fields.encoded(Console.SECRET, secret.group(1));
    }
}

