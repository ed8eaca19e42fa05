package dev.agentruntime.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.api.RoomOperations;
import dev.agentruntime.api.SessionView.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConsoleTest extends ConsoleTestBase {

    private static final Optional<String> NOBODY = Optional.empty();

    @ParameterizedTest
    @ValueSource(strings = {"/", "/agents", "/sessions", "/session?agent=hello&id=a", "/usage", "/usage.csv", "/elsewhere"})
    void nothingIsShownToWhoeverHasNotSignedIn(String path) {
        platform.sessions.add(TestPlatform.session("alices", "alice", Status.IDLE));
        for (Optional<String> visit : List.of(NOBODY, Optional.of("made-up"), Optional.of(""))) {
            Answer answer = get(path, visit);
            assertThat(answer.status()).isEqualTo(303);
            assertThat(answer.headers().get("Location")).startsWith(ROOT + "/login");
            assertThat(answer.body()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/login", "/agents", "/sessions", "/elsewhere", "/style.css"})
    void everyAnswerHasAStrictPolicyAndIsKeptNowhere(String path) {
        for (Optional<String> visit : List.of(NOBODY, signedIn("bob"))) {
            Map<String, String> headers = get(path, visit).headers();
            assertThat(headers.get("Content-Security-Policy")).isEqualTo("default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'");
            assertThat(headers).containsEntry("X-Content-Type-Options", "nosniff").containsEntry("X-Frame-Options", "DENY")
                    .containsEntry("Referrer-Policy", "no-referrer");
            assertThat(headers.get("Cache-Control")).matches("no-store|private, max-age=600");
        }
    }

    @Test
    void whoeverSignsInComesToThePageThatTheyWanted() {
        String page = get("/sessions?user=bob&sort=cpu", NOBODY).headers().get("Location");
        assertThat(page).isEqualTo(ROOT + "/login?next=%2Fsessions%3Fuser%3Dbob%26sort%3Dcpu");
        Answer form = get(page.substring(ROOT.length()), NOBODY);
        assertThat(form.body()).contains("name=\"next\" value=\"/sessions?user=bob&amp;sort=cpu\"");
        Answer in = post("/login", "user=bob&password=bob&" + Fields.encoded("next", "/sessions?user=bob&sort=cpu"), NOBODY);
        assertThat(in.headers()).containsEntry("Location", ROOT + "/sessions?user=bob&sort=cpu");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://evil.test/", "//evil.test/", "evil", "/a\r\nSet-Cookie: x=y", "/ä"})
    void nobodyIsSentElsewhereAfterSigningIn(String next) {
        Answer in = post("/login", "user=bob&password=bob&" + Fields.encoded("next", next), NOBODY);
        assertThat(in.headers().get("Location")).startsWith(ROOT + "/").doesNotContain("\r", "\n");
    }

    @Test
    void theCookieIsForTheConsoleAloneAndForNoScriptAndNoOtherSite() {
        Answer in = post("/login", "user=bob&password=bob", NOBODY);
        assertThat(in.headers().get("Set-Cookie")).matches("agent-console=[A-Za-z0-9_-]{43}; Path=/agents/console; HttpOnly; SameSite=Strict; Secure");
    }

    @Test
    void eachSignInHasAnIdOfItsOwnAndEndsTheVisitBefore() {
        Optional<String> first = signedIn("bob");
        Answer again = post("/login", "user=bob&password=bob", first);
        assertThat(again.headers().get("Set-Cookie")).doesNotContain(first.get());
        assertThat(get("/sessions", first).status()).isEqualTo(303);
    }

    @Test
    void aWrongPasswordAndAnUnknownNameAreToldAlike() {
        Answer wrong = post("/login", "user=bob&password=alice", NOBODY);
        Answer unknown = post("/login", "user=nobody&password=x", NOBODY);
        assertThat(wrong.status()).isEqualTo(401);
        assertThat(wrong.body()).isEqualTo(unknown.body()).contains("There is nobody of that name and password.");
        assertThat(wrong.headers()).doesNotContainKey("Set-Cookie");
    }

    @Test
    void whoeverHasNoneOfTheRolesIsNotLetIn() {
        Answer eve = post("/login", "user=eve&password=eve", NOBODY);
        assertThat(eve.status()).isEqualTo(403);
        assertThat(eve.body()).contains("agent-admin and agent-invoker");
        assertThat(eve.headers()).doesNotContainKey("Set-Cookie");
    }

    @Test
    void nobodyMayTryManyPasswords() {
        for (int i = 0; i < Attempts.MOST; i++) {
            assertThat(post("/login", "user=bob&password=" + i, NOBODY).status()).isEqualTo(401);
        }
        Answer refused = post("/login", "user=bob&password=bob", NOBODY);
        assertThat(refused.status()).as("though it is right").isEqualTo(429);
        assertThat(refused.headers()).containsEntry("Retry-After", "600");
        assertThat(post("/login", "user=alice&password=alice", NOBODY).status()).isEqualTo(303);
        clock.advance(Attempts.WINDOW);
        assertThat(post("/login", "user=bob&password=bob", NOBODY).status()).isEqualTo(303);
    }

    @Test
    void aNameThatIsEndlessIsNotEvenLookedUp() {
        Answer answer = console.answer(asked("POST", "/login", "user=" + "x".repeat(257) + "&password=x", NOBODY), (user, password) -> {
            throw new AssertionError("The registry was asked for " + user);
        });
        assertThat(answer.status()).isEqualTo(401);
    }

    @Test
    void whoeverAsksTooOftenIsToldToWait() {
        Optional<String> bob = signedIn("bob");
        String secret = secret(bob);
        platform.throttled = true;
        Answer page = get("/sessions", bob);
        assertThat(page.status()).isEqualTo(429);
        assertThat(page.headers()).containsEntry("Retry-After", "3");
        assertThat(post("/sessions/stop", secret, bob).status()).isEqualTo(429);
        assertThat(platform.counted).containsOnly("bob");
        assertThat(post("/logout", secret, bob).status()).as("leaving is free").isEqualTo(303);
    }

    @Test
    void noPasswordGoesOverTheNetworkInTheClear() {
        for (Asked.Link link : Asked.Link.values()) {
            Asked asked = new Asked("POST", "/login", Fields.NONE, Fields.of("user=bob&password=bob"), NOBODY, NOBODY, ROOT, "192.0.2.7", link);
            Answer answer = console.answer(asked, (user, password) -> {
                assertThat(link).isNotEqualTo(Asked.Link.OPEN);
                return registry.enter(user, password);
            });
            assertThat(answer.status()).isEqualTo(link == Asked.Link.OPEN ? 403 : 303);
            assertThat(answer.headers().getOrDefault("Set-Cookie", "").contains("Secure")).isEqualTo(link == Asked.Link.SECURE);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/logout", "/sessions/stop", "/session/stop"})
    void aFormThatLacksTheVisitsSecretChangesNothing(String path) {
        platform.sessions.add(TestPlatform.session("adas", "ada", Status.IDLE));
        Optional<String> ada = signedIn("ada");
        String others = secret(signedIn("bob"));
        for (String form : List.of("", "csrf=", "csrf=made-up", others)) {
            assertThat(post(path, "session=hello%2Fadas&" + form, ada).status()).as(form).isEqualTo(403);
        }
        assertThat(platform.stopped).isEmpty();
        assertThat(get("/sessions", ada).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cross-site", "same-site", "none"})
    void whatAnotherSiteHasTheBrowserSendIsRefused(String site) {
        Optional<String> ada = signedIn("ada");
        String secret = secret(ada);
        for (String path : List.of("/login", "/logout", "/sessions/stop")) {
            Asked asked = new Asked("POST", path, Fields.NONE, Fields.of("user=bob&password=bob&session=hello%2Fx&" + secret), ada, Optional.of(site), ROOT,
                    "192.0.2.7", Asked.Link.SECURE);
            assertThat(console.answer(asked, registry).status()).isEqualTo(403);
        }
    }

    @Test
    void pagesAreNotChangedByReadingThem() {
        platform.sessions.add(TestPlatform.session("adas", "ada", Status.IDLE));
        Optional<String> ada = signedIn("ada");
        for (String path : List.of("/sessions/stop", "/session/stop", "/logout")) {
            assertThat(get(path + "?session=hello%2Fadas&" + secret(ada), ada).status()).isEqualTo(404);
        }
        assertThat(platform.stopped).isEmpty();
    }

    @Test
    void otherMethodsAreRefused() {
        Answer answer = console.answer(asked("DELETE", "/sessions", "", signedIn("ada")), registry);
        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.headers()).containsEntry("Allow", "GET, HEAD, POST");
    }

    @Test
    void bobSeesNothingOfAlicesByAnyAddress() {
        platform.sessions.add(TestPlatform.session("alices-session", "alice", Status.IDLE));
        platform.sessions.add(TestPlatform.ended("alices-ended", "alice", "alices-reason"));
        platform.sessions.add(TestPlatform.session("bobs-session", "bob", Status.IDLE));
        Optional<String> bob = signedIn("bob");
        for (String path : List.of("/", "/agents", "/sessions", "/sessions?user=alice", "/sessions?state=terminated", "/sessions?agent=hello&state=idle",
                "/session?agent=hello&id=alices-session", "/session?agent=hello&id=alices-ended")) {
            assertThat(get(path, bob).body()).as(path).doesNotContain("alices-");
        }
        assertThat(get("/sessions", bob).body()).contains("bobs-session");
        Answer anothers = get("/session?agent=hello&id=alices-session", bob);
        Answer nobodys = get("/session?agent=hello&id=never-was", bob);
        assertThat(anothers.status()).isEqualTo(404);
        assertThat(anothers.body()).as("not told apart from what is not there").isEqualTo(nobodys.body());
    }

    @Test
    void bobEndsNoneOfAlices() {
        platform.sessions.add(TestPlatform.session("alices", "alice", Status.IDLE));
        Optional<String> bob = signedIn("bob");
        Answer answer = post("/sessions/stop", "session=hello%2Falices&" + secret(bob), bob);
        assertThat(answer.headers().get("Location")).isEqualTo(ROOT + "/sessions?ended=0&going=0&refused=1");
        assertThat(platform.stopped).isEmpty();
    }

    @Test
    void whereNoTokensNameTheSamePeopleOnlyAdministratorsSeeSessions() {
        settings = ConsoleSettings.STANDARD;
        platform.sessions.add(TestPlatform.session("bobs", "bob", Status.IDLE));
        assertThat(get("/sessions", signedIn("bob")).body()).doesNotContain("bobs");
        assertThat(get("/sessions", signedIn("ada")).body()).contains("bobs");
    }

    @Test
    void administratorsEndSessionsTogetherAndAreToldWhatBecameOfThem() {
        List.of("a", "b", "c").forEach(id -> platform.sessions.add(TestPlatform.session(id, "alice", Status.IDLE)));
        platform.end.complete(platform.sessions.get(0));
        Optional<String> ada = signedIn("ada");
        Answer answer = post("/sessions/stop", "session=hello%2Fa&session=hello%2Fb&session=hello%2Fb&session=hello%2Fgone&session=none&" + secret(ada), ada);
        assertThat(platform.stopped).containsExactly("a", "b");
        assertThat(answer.headers().get("Location")).isEqualTo(ROOT + "/sessions?ended=2&going=0&refused=1");
        assertThat(get("/sessions?ended=2&going=0&refused=1", ada).body()).contains("2 ended, 0 are being ended, 1 could not be ended.");
    }

    @Test
    void oneSessionIsEndedFromItsPage() {
        platform.sessions.add(TestPlatform.session("a", "bob", Status.IDLE));
        platform.end.complete(platform.sessions.get(0));
        Optional<String> bob = signedIn("bob");
        Answer answer = post("/session/stop", "session=hello%2Fa&" + secret(bob), bob);
        assertThat(answer.headers().get("Location")).isEqualTo(ROOT + "/session?agent=hello&id=a&ended=1&going=0&refused=0");
        assertThat(platform.stopped).containsExactly("a");
    }

    @Test
    void aNoticeSaysNothingButNumbers() {
        Optional<String> bob = signedIn("bob");
        assertThat(get("/sessions?ended=%3Cb%3Eyou%20won&going=99999&refused=x", bob).body()).contains("0 ended, 0 are being ended, 0 could not be ended.");
    }

    @Test
    void aVisitEndsWhenItIsNotUsedAndInAnyCase() {
        Optional<String> bob = signedIn("bob");
        for (int i = 0; i < 16; i++) {
            clock.advance(Duration.ofMinutes(29));
            assertThat(get("/sessions", bob).status()).isEqualTo(200);
        }
        clock.advance(Duration.ofMinutes(29));
        assertThat(get("/sessions", bob).status()).as("after 8 hours").isEqualTo(303);
        Optional<String> again = signedIn("bob");
        clock.advance(Duration.ofMinutes(30));
        assertThat(get("/sessions", again).status()).isEqualTo(303);
    }

    @Test
    void whoeverSignsOutIsOut() {
        Optional<String> bob = signedIn("bob");
        Answer out = post("/logout", secret(bob), bob);
        assertThat(out.headers().get("Set-Cookie")).startsWith("agent-console=; Path=/agents/console").endsWith("; Max-Age=0");
        assertThat(get("/sessions", bob).status()).isEqualTo(303);
    }

    @Test
    void aRefusalOfThePlatformsIsAPageThatSaysWhy() {
        Optional<String> ada = signedIn("ada");
        platform.failure = Optional.of(new RequestException(Kind.UNAVAILABLE, "The server is being <stopped>"));
        Answer answer = get("/sessions", ada);
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.body()).contains("The server is being &lt;stopped&gt;");
    }

    @Test
    void aFaultIsToldWithoutItsDetails() {
        Optional<String> ada = signedIn("ada");
        platform.failure = Optional.of(new IllegalStateException("secret detail"));
        Answer answer = get("/agents", ada);
        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.body()).contains("AGRT6506E").doesNotContain("secret detail");
        assertThat(answer.headers()).containsEntry("Content-Security-Policy", Answer.POLICY);
    }

    @Test
    void usageIsAskedForAsTheVisitorAndWithTheDaysOfThePage() {
        List<RoomOperations.Request> requests = new ArrayList<>();
        accounting = Optional.of(() -> List.of(new RoomOperations.Row("GetUsage", "GET", "/usage", RoomOperations.Who.INVOKER, request -> {
            requests.add(request);
            return request.query().get("format").equals(List.of("csv"))
                    ? new RoomOperations.Answer(200, Map.of("Content-Disposition", "attachment"), "text/csv; charset=utf-8", "agent\r\nhello\r\n")
                    : new RoomOperations.Answer(200, Map.of(), "{\"usage\":[{\"agent\":\"<hello>\",\"cpuSeconds\":1.5,\"cost\":0.25}]}");
        })));
        Answer page = get("/usage?by=day%2Cagent&from=2026-01-01&to=&by=session&issuer=x", signedIn("bob"));
        assertThat(page.status()).as(page.body()).isEqualTo(200);
        assertThat(page.body()).contains("&lt;hello&gt;", "1.5", "0.25", "/usage.csv?by=day%2Cagent&amp;from=2026-01-01");
        assertThat(requests.get(0).caller().subject().name()).isEqualTo("bob");
        assertThat(requests.get(0).caller().admin()).isFalse();
        assertThat(requests.get(0).query()).isEqualTo(Map.of("by", List.of("day,agent"), "format", List.of("json"), "from", List.of("2026-01-01")));
        Answer csv = get("/usage.csv?by=agent", signedIn("ada"));
        assertThat(csv.type()).startsWith("text/csv");
        assertThat(csv.headers()).containsEntry("Content-Disposition", "attachment").containsEntry("Content-Security-Policy", Answer.POLICY);
        assertThat(requests.get(1).caller().admin()).isTrue();
    }

    @Test
    void aServerThatAccountsForNothingSaysSo() {
        assertThat(get("/usage", signedIn("bob")).status()).isEqualTo(404);
    }
}
