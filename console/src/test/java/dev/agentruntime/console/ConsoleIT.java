package dev.agentruntime.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** The console in a real Open Liberty, with its user registry, over the real platform and a hypervisor in memory. */
@EnabledIfSystemProperty(named = "liberty.home", matches = ".+")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ConsoleIT {

    private static final HttpClient HTTP = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final String CONSOLE = "/agents/console";

    @TempDir
    private static Path folder;
    private static Tokens tokens;
    private static ConsoleServer server;
    private static String alices;
    private static String bobs;

    @BeforeAll
    static void start() throws Exception {
        tokens = new Tokens();
        server = new ConsoleServer(folder, tokens);
        await().atMost(Duration.ofMinutes(2)).ignoreExceptions().untilAsserted(() -> {
            assertThat(get(CONSOLE + "/login", "").statusCode()).isEqualTo(200);
            alices = invoked("alice");
        });
        bobs = invoked("bob");
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    private static HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create(ConsoleServer.ROOT + path)).timeout(Duration.ofSeconds(30));
    }

    private static HttpResponse<String> get(String path, String cookie) throws Exception {
        return HTTP.send((cookie.isEmpty() ? to(path) : to(path).header("Cookie", cookie)).build(), BodyHandlers.ofString());
    }

    private static HttpResponse<String> post(String path, String form, String cookie) throws Exception {
        return HTTP.send(to(path).header("Content-Type", "application/x-www-form-urlencoded").header("Cookie", cookie.isEmpty() ? "x=y" : cookie)
                .POST(BodyPublishers.ofString(form)).build(), BodyHandlers.ofString());
    }

    /** The id of a session that this user has begun through the API. */
    private static String invoked(String user) throws Exception {
        String id = user + "-" + UUID.randomUUID();
        HttpResponse<String> answer = HTTP.send(to("/agents/runtimes/configured-one/invocations").header("Authorization", "Bearer " + tokens.token(user, "agent-invoker"))
                .header("X-Amzn-Bedrock-AgentCore-Runtime-Session-Id", id).POST(BodyPublishers.ofString("{}")).build(), BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return id;
    }

    private static HttpResponse<String> signIn(String user, String password) throws Exception {
        return post(CONSOLE + "/login", Fields.encoded("user", user) + "&" + Fields.encoded("password", password) + "&next=%2Fsessions", "");
    }

    private static String cookie(String user) throws Exception {
        HttpResponse<String> answer = signIn(user, user + "s-password");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(303);
        assertThat(answer.headers().firstValue("Location").orElseThrow()).endsWith(CONSOLE + "/sessions");
        List<String> cookies = answer.headers().allValues("Set-Cookie");
        assertThat(cookies).as("none that counts elsewhere").singleElement().asString().startsWith("agent-console=").contains("HttpOnly", "SameSite=Strict", "Path=" + CONSOLE);
        return cookies.get(0).split(";")[0];
    }

    private static String secret(String page) {
        Matcher secret = Pattern.compile("name=\"csrf\" value=\"([^\"]+)\"").matcher(page);
        assertThat(secret.find()).isTrue();
        return "csrf=" + secret.group(1);
    }

    @Test
    @Order(1)
    void nothingIsShownBeforeSigningInAndPagesHaveTheirPolicy() throws Exception {
        for (String path : List.of("", "/", "/sessions", "/agents", "/usage", "/elsewhere", "/WEB-INF/web.xml", "/dev/agentruntime/console/Console.class",
                "/OSGI-INF/wlp/defaultInstances.xml", "/sessions;jsessionid=x", "//sessions")) {
            HttpResponse<String> answer = get(CONSOLE + path, "");
            assertThat(answer.statusCode()).as("%s %s", path, answer.body()).isIn(302, 303, 404);
            assertThat(answer.body()).doesNotContain(alices, bobs, "<web-app", "agentConsole");
        }
        HttpResponse<String> login = get(CONSOLE + "/login", "");
        assertThat(login.headers().firstValue("Content-Security-Policy")).contains(Answer.POLICY);
        assertThat(login.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        HttpResponse<String> style = get(CONSOLE + "/style.css", "");
        assertThat(style.statusCode()).isEqualTo(200);
        assertThat(style.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/css");
    }

    @Test
    @Order(2)
    void theRegistryDecidesWhoComesIn() throws Exception {
        assertThat(signIn("ada", "wrong").statusCode()).isEqualTo(401);
        assertThat(signIn("nobody", "x").statusCode()).isEqualTo(401);
        HttpResponse<String> eve = signIn("eve", "eves-password");
        assertThat(eve.statusCode()).isEqualTo(403);
        assertThat(eve.headers().allValues("Set-Cookie")).isEmpty();
        assertThat(get(CONSOLE + "/sessions", cookie("ada")).statusCode()).isEqualTo(200);
    }

    @Test
    @Order(3)
    void administratorsSeeAllAndOthersTheirOwn() throws Exception {
        assertThat(get(CONSOLE + "/sessions", cookie("ada")).body()).contains(alices, bobs);
        String bob = cookie("bob");
        for (String path : List.of("/", "/agents", "/sessions", "/sessions?user=alice", "/usage?by=agent%2Csubject", "/session?agent=configured-one&id=" + alices)) {
            assertThat(get(CONSOLE + path, bob).body()).as(path).doesNotContain(alices);
        }
        assertThat(get(CONSOLE + "/sessions", bob).body()).contains(bobs);
        assertThat(get(CONSOLE + "/session?agent=configured-one&id=" + bobs, bob).body()).contains("What it has used", "bob of https://idp.test");
        assertThat(get(CONSOLE + "/session?agent=configured-one&id=" + alices, bob).statusCode()).isEqualTo(404);
    }

    @Test
    @Order(4)
    void everyPageIsServed() throws Exception {
        String ada = cookie("ada");
        for (String path : List.of("/", "/agents", "/sessions?state=idle&sort=cpu", "/session?agent=configured-one&id=" + alices, "/usage", "/usage?by=day")) {
            HttpResponse<String> answer = get(CONSOLE + path, ada);
            assertThat(answer.statusCode()).as("%s %s", path, answer.body()).isEqualTo(200);
            assertThat(answer.headers().firstValue("Content-Security-Policy")).contains(Answer.POLICY);
        }
        HttpResponse<String> csv = get(CONSOLE + "/usage.csv?by=agent", ada);
        assertThat(csv.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/csv");
        assertThat(csv.body()).startsWith("day,agent,");
        HttpResponse<String> head = HTTP.send(to(CONSOLE + "/sessions").header("Cookie", ada).method("HEAD", BodyPublishers.noBody()).build(), BodyHandlers.ofString());
        assertThat(head.statusCode()).isEqualTo(200);
    }

    @Test
    @Order(5)
    void theConsolesCookieOpensNothingOfTheApiAndATokenNothingOfTheConsole() throws Exception {
        String ada = cookie("ada");
        assertThat(get("/agents/runtimes", ada).statusCode()).isEqualTo(401);
        HttpResponse<String> byToken = HTTP.send(to(CONSOLE + "/sessions").header("Authorization", "Bearer " + tokens.token("ada", "agent-admin")).build(),
                BodyHandlers.ofString());
        assertThat(byToken.statusCode()).isEqualTo(303);
        HttpResponse<String> besides = HTTP.send(to(CONSOLE + "/sessions").header("Cookie", ada).header("Authorization", "Bearer none").build(), BodyHandlers.ofString());
        assertThat(besides.statusCode()).as("a token that the server refuses").isEqualTo(200);
        assertThat(besides.headers().firstValue("WWW-Authenticate")).isEmpty();
        HttpResponse<String> anothers = HTTP.send(to(CONSOLE + "/login").header("Authorization", "Bearer " + tokens.token("alice", "agent-invoker"))
                .POST(BodyPublishers.ofString("user=bob&password=bobs-password")).build(), BodyHandlers.ofString());
        assertThat(anothers.statusCode()).as("bob signs in, though the request is alice's to Liberty").isEqualTo(303);
        String bob = anothers.headers().firstValue("Set-Cookie").orElseThrow().split(";")[0];
        assertThat(get(CONSOLE + "/sessions", bob).body()).contains(bobs).doesNotContain(alices);
    }

    @Test
    @Order(6)
    void aSessionIsEndedByAFormOfTheVisitAndByNoOther() throws Exception {
        String ada = cookie("ada");
        String form = Fields.encoded("session", "configured-one/" + alices);
        String path = CONSOLE + "/session?agent=configured-one&id=" + alices;
        assertThat(post(CONSOLE + "/session/stop", form, ada).statusCode()).isEqualTo(403);
        String bob = cookie("bob");
        assertThat(post(CONSOLE + "/sessions/stop", form + "&" + secret(get(CONSOLE + "/sessions", bob).body()), bob).headers().firstValue("Location").orElseThrow())
                .contains("ended=0").contains("refused=1");
        assertThat(get(path, ada).body()).contains("End this session");
        HttpResponse<String> ended = post(CONSOLE + "/session/stop", form + "&" + secret(get(path, ada).body()), ada);
        assertThat(ended.statusCode()).isEqualTo(303);
        String after = ended.headers().firstValue("Location").map(URI::create).map(URI::getRawPath).orElseThrow()
                + Optional.ofNullable(URI.create(ended.headers().firstValue("Location").orElseThrow()).getRawQuery()).map(query -> "?" + query).orElse("");
        assertThat(get(after, ada).body()).contains("1 ended, 0 are being ended, 0 could not be ended.").doesNotContain("End this session");
        assertThat(server.log()).contains("AGRT6505I: ada ends the session " + alices);
    }

    @Test
    @Order(7)
    void requestsThatCannotBeReadAreRefused() throws Exception {
        assertThat(post(CONSOLE + "/login", "user=%zz", "").statusCode()).isEqualTo(400);
        assertThat(post(CONSOLE + "/login", "user=" + "x".repeat(70_000), "").statusCode()).isEqualTo(400);
    }

    @Test
    @Order(8)
    void theServerGoesOnWithoutIt() throws Exception {
        server.leaveOutConsole();
        await().atMost(Duration.ofMinutes(1)).ignoreExceptions().untilAsserted(() -> assertThat(get(CONSOLE + "/login", "").statusCode()).isIn(401, 404));
        assertThat(invoked("bob")).isNotEmpty();
    }
}
