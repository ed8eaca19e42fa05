package dev.agentruntime.console;

import dev.agentruntime.api.Caller;
import dev.agentruntime.api.PlainText;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.api.SessionView;
import dev.agentruntime.api.Subject;
import dev.agentruntime.log.Complaints;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.logging.Logger;

/**
 * Answers requests for pages. It knows no servlet, so that all of it can be tried without a server. Each visitor sees what the API would show
 * them: the platform decides, by the same caller. Thread-safe; reads the ledger and files on the thread of whoever asks.
 */
final class Console {

    /** The cookie that has the id of a visit. */
    static final String COOKIE = "agent-console";
    /** The field of forms that no other site can fill. */
    static final String SECRET = "csrf";

    private static final Logger LOG = Logger.getLogger(Console.class.getName());
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /** More are not on one page. */
    private static final int MOST_ENDED = SessionQuery.PAGE;
    /** Of names and passwords, in characters. */
    private static final int LONGEST_WORD = 256;
    private static final String NOBODY = "There is nobody of that name and password.";
    /** Whose sessions somebody sees whom no tokens name: nobody's. */
    private static final String NO_ISSUER = "urn:agent-runtime:console";

    private final Rooms rooms;
    private final Supplier<ConsoleSettings> settings;
    private final Clock clock;
    private final Visits visits;
    private final Attempts attempts;
    private final Complaints complaints = new Complaints(System::nanoTime);

    Console(Rooms rooms, Supplier<ConsoleSettings> settings, Clock clock) {
        this.rooms = rooms;
        this.settings = settings;
        this.clock = clock;
        visits = new Visits(settings, clock);
        attempts = new Attempts(clock);
    }

    /** Never throws for what somebody asked for. */
    Answer answer(Asked asked, Door door) {
        Optional<Visitor> visitor = asked.visit().flatMap(visits::of);
        Frame frame = new Frame(asked.root(), visitor);
        try {
            return guarded(asked, frame, door);
        } catch (RequestException e) {
            return refusal(frame, e);
        } catch (RuntimeException e) {
            ConsoleMessage.UNEXPECTED.log(LOG, e, asked.path(), e.toString());
            return problem(frame, 500, "This page could not be made", "The server's log says why (AGRT6506E).");
        }
    }

    private Answer guarded(Asked asked, Frame frame, Door door) {
        if (!List.of("GET", "HEAD", "POST").contains(asked.method())) {
            return problem(frame, 405, "That is not done here", "Pages are read with GET, and forms are sent with POST.").with("Allow", "GET, HEAD, POST");
        }
        if (asked.changes() && asked.isFromElsewhere()) {
            return problem(frame, 403, "That came from another site", "Open the console itself and try again.");
        }
        if (asked.path().equals("/style.css")) {
            return new Answer(200, Map.of(), "text/css; charset=utf-8", style()).with("Cache-Control", "private, max-age=600");
        }
        if (asked.path().equals("/login")) {
            return asked.changes() ? signIn(asked, frame, door)
                    : Answer.page(200, new SignInPage(new Frame(asked.root(), Optional.empty())).of(next(asked.query()), Optional.empty()));
        }
        if (frame.visitor().isEmpty()) {
            return Answer.to(asked.root() + "/login" + (asked.changes() || asked.path().equals("/") ? "" : "?" + Fields.encoded("next", here(asked))));
        }
        return asked.changes() ? change(asked, frame, frame.visitor().get()) : read(asked, frame, frame.visitor().get());
    }

    private static String here(Asked asked) {
        StringBuilder query = new StringBuilder();
        asked.query().values().forEach((name, values) -> values.forEach(value -> query.append(query.isEmpty() ? '?' : '&').append(Fields.encoded(name, value))));
        return asked.path() + query;
    }

    /** It is put behind the console's own path, so that it leads nowhere else. */
    private static String next(Fields fields) {
        return fields.first("next").filter(path -> path.startsWith("/") && path.length() < 1000 && path.chars().allMatch(c -> c > ' ' && c < 0x7f))
                .orElse("/");
    }

    private Answer signIn(Asked asked, Frame frame, Door door) {
        SignInPage page = new SignInPage(new Frame(asked.root(), Optional.empty()));
        String next = next(asked.form());
        String user = asked.form().first("user").orElse("");
        if (asked.link() == Asked.Link.OPEN) {
            return Answer.page(403, page.of(next, Optional.of("A password may not go over the network in the clear: open the console by https.")));
        }
        String password = asked.form().first("password").orElse("");
        if (user.length() > LONGEST_WORD || password.length() > LONGEST_WORD) {
            return Answer.page(401, page.of(next, Optional.of(NOBODY)));
        }
        if (!attempts.begin(asked.address(), user)) {
            if (complaints.isDue()) {
                ConsoleMessage.NOT_SIGNED_IN.log(LOG, shown(user), shown(asked.address()), "there were too many wrong passwords");
            }
            return Answer.page(429, page.of(next, Optional.of("There were too many wrong passwords. Try again in " + Words.span(Attempts.WINDOW) + ".")))
                    .with("Retry-After", Long.toString(Attempts.WINDOW.toSeconds()));
        }
        Door.Outcome outcome = door.enter(user, password);
        if (outcome instanceof Door.Outcome.In in) {
            attempts.succeeded(asked.address(), user);
            asked.visit().ifPresent(visits::end);
            ConsoleMessage.SIGNED_IN.log(LOG, shown(in.person().name()), shown(asked.address()), in.person().admin() ? "an administrator" : "one who invokes agents");
            return Answer.to(asked.root() + next).with("Set-Cookie", cookie(asked, visits.begin(in.person()), ""));
        }
        boolean known = outcome instanceof Door.Outcome.NoRole;
        ConsoleMessage.NOT_SIGNED_IN.log(LOG, shown(user), shown(asked.address()), known ? "none of the groups agent-admin and agent-invoker" : "wrong name or password");
        return Answer.page(known ? 403 : 401, page.of(next, Optional.of(known ? "You have none of the groups agent-admin and agent-invoker."
                : NOBODY)));
    }

    private static String shown(String text) {
        return PlainText.of(text);
    }

    private static String cookie(Asked asked, String id, String age) {
        return COOKIE + "=" + id + "; Path=" + asked.root() + "; HttpOnly; SameSite=Strict" + (asked.link() == Asked.Link.SECURE ? "; Secure" : "") + age;
    }

    private Answer change(Asked asked, Frame frame, Visitor visitor) {
        String brought = asked.form().first(SECRET).orElse("");
        if (!MessageDigest.isEqual(brought.getBytes(StandardCharsets.UTF_8), visitor.csrf().getBytes(StandardCharsets.UTF_8))) {
            return problem(frame, 403, "This form is not of this visit", "Open its page again and send it from there.");
        }
        if (!asked.path().equals("/logout")) {
            rooms.platform().count(caller(visitor));
        }
        switch (asked.path()) {
            case "/logout":
                asked.visit().ifPresent(visits::end);
                return Answer.to(asked.root() + "/login").with("Set-Cookie", cookie(asked, "", "; Max-Age=0"));
            case "/sessions/stop":
                return Answer.to(asked.root() + "/sessions?" + ended(asked, visitor).address());
            case "/session/stop":
                Picked picked = asked.form().first("session").flatMap(Picked::of)
                        .orElseThrow(() -> new RequestException(Kind.VALIDATION, "The form names no session"));
                return Answer.to(frame.session(picked.agent(), picked.id()) + "&" + ended(asked, visitor).address());
            default:
                return nothing(frame);
        }
    }

    private Endings ended(Asked asked, Visitor visitor) {
        List<Picked> picked = asked.form().all("session").stream().flatMap(text -> Picked.of(text).stream()).distinct().toList();
        if (picked.size() > MOST_ENDED) {
            throw new RequestException(Kind.VALIDATION, "At most " + MOST_ENDED + " sessions are ended at once");
        }
        picked.forEach(one -> ConsoleMessage.ENDED.log(LOG, shown(visitor.person().name()), shown(one.id()), shown(one.agent())));
        return Endings.of(picked, rooms.platform(), caller(visitor), PATIENCE);
    }

    private Answer read(Asked asked, Frame frame, Visitor visitor) {
        Caller caller = caller(visitor);
        rooms.platform().count(caller);
        return switch (asked.path()) {
            case "/" -> Answer.page(200, new OverviewPage(frame).of(rooms.platform().status(), sessions(caller)));
            case "/agents" -> Answer.page(200, new AgentsPage(frame).of(rooms.platform().runtimes()));
            case "/sessions" -> Answer.page(200, new SessionsPage(frame, rooms, clock.instant())
                    .of(sessions(caller), SessionQuery.of(asked.query()), Endings.told(asked.query())));
            case "/session" -> Answer.page(200, new SessionPage(frame, rooms, clock.instant()).of(session(asked.query(), caller), Endings.told(asked.query())));
            case "/usage" -> Answer.page(200, usage(frame).of(asked.query(), caller));
            case "/usage.csv" -> usage(frame).csv(asked.query(), caller);
            default -> nothing(frame);
        };
    }

    /** Of all agents, the newest first. */
    private List<SessionView> sessions(Caller caller) {
        return rooms.platform().runtimes().stream().flatMap(agent -> rooms.platform().sessions(agent.name(), caller).stream())
                .sorted(Comparator.comparing(SessionView::createdAt).reversed()).toList();
    }

    private SessionView session(Fields query, Caller caller) {
        return rooms.platform().session(query.first("agent").orElse(""), query.first("id").orElse(""), caller);
    }

    private UsagePage usage(Frame frame) {
        return new UsagePage(frame, rooms.accounting().get()
                .orElseThrow(() -> new RequestException(Kind.NOT_FOUND, "This server does not account for usage")));
    }

    private Caller caller(Visitor visitor) {
        return new Caller(new Subject(settings.get().issuer().orElse(NO_ISSUER), visitor.person().name()), visitor.person().admin());
    }

    /** Whether somebody else has what is asked for is told to nobody. */
    private static Answer refusal(Frame frame, RequestException e) {
        return switch (e.kind()) {
            case FORBIDDEN, NOT_FOUND -> nothing(frame);
            case VALIDATION -> problem(frame, 400, "That cannot be", e.getMessage());
            case RETRYABLE_CONFLICT -> problem(frame, 409, "Not now", e.getMessage());
            case QUOTA, THROTTLED -> problem(frame, 429, "Too much at once", e.getMessage())
                    .with("Retry-After", Long.toString(e.retryAfter().orElse(Duration.ofSeconds(1)).toSeconds() + 1));
            case UNAVAILABLE -> problem(frame, 503, "Not now", e.getMessage());
            case AGENT, PLATFORM -> problem(frame, 500, "That failed", e.getMessage());
        };
    }

    private static Answer nothing(Frame frame) {
        return problem(frame, 404, "There is nothing here", "There is no such page, or what it would show is not there or not yours.");
    }

    private static Answer problem(Frame frame, int status, String title, String text) {
        return Answer.page(status, frame.page(title, Optional.empty(), html -> html.with("p", text)));
    }

    private static String style() {
        try (InputStream in = Console.class.getResourceAsStream("style.css")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
