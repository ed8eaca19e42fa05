package dev.agentruntime.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.api.ConnectionsView;
import dev.agentruntime.api.LogLine;
import dev.agentruntime.api.OutboundConnection;
import dev.agentruntime.api.SessionView.Status;
import java.io.StringReader;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** What stands on pages, and that it stays text whoever wrote it. */
class PagesTest extends ConsoleTestBase {

    private static final String HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>&lt;\u0000\u001b]]>";

    private Element parsed(Answer answer) throws Exception {
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).startsWith("<!DOCTYPE html>\n<html lang=\"en\">");
        return DocumentBuilderFactory.newInstance().newDocumentBuilder()
                .parse(new InputSource(new StringReader(answer.body().substring("<!DOCTYPE html>\n".length())))).getDocumentElement();
    }

    @Test
    void whatAgentsUsersAndOthersWriteChangesNoPage() throws Exception {
        platform.runtimes.clear();
        platform.runtimes.add(TestPlatform.agent("hello", HOSTILE, HOSTILE));
        platform.sessions.add(TestPlatform.ended(HOSTILE, HOSTILE, HOSTILE));
        platform.sessions.add(TestPlatform.session(HOSTILE + "2", HOSTILE, Status.IDLE));
        log = List.of(new LogLine(1, TestPlatform.BEGAN, LogLine.Source.STDOUT, LogLine.Severity.INFO, HOSTILE));
        out = Optional.of(new ConnectionsView(Map.of(), 0, 0, List.of(new OutboundConnection(Instant.EPOCH, HOSTILE, HOSTILE, OptionalInt.empty(), 1, 2,
                OutboundConnection.Outcome.DENIED, Duration.ZERO, HOSTILE))));
        Optional<String> ada = signedIn("ada");
        for (String path : List.of("/", "/agents", "/sessions", "/sessions?state=terminated", "/sessions?" + Fields.encoded("user", HOSTILE),
                "/session?agent=hello&" + Fields.encoded("id", HOSTILE), "/session?agent=hello&" + Fields.encoded("id", HOSTILE + "2"))) {
            Element page = parsed(get(path, ada));
            for (String element : List.of("script", "img", "style", "iframe", "svg")) {
                assertThat(page.getElementsByTagName(element).getLength()).as("%s on %s", element, path).isZero();
            }
            NodeList all = page.getElementsByTagName("*");
            for (int i = 0; i < all.getLength(); i++) {
                for (int j = 0; j < all.item(i).getAttributes().getLength(); j++) {
                    assertThat(all.item(i).getAttributes().item(j).getNodeName()).as(path).doesNotStartWith("on").isNotEqualTo("style");
                }
            }
        }
        assertThat(get("/session?agent=hello&" + Fields.encoded("id", HOSTILE), ada).body()).contains("&lt;script&gt;alert(1)&lt;/script&gt;");
    }

    @Test
    void theHostileNameOfAVisitorAndAWrongOneStayText() throws Exception {
        Optional<String> visit = signedIn(HOSTILE);
        assertThat(parsed(get("/agents", visit)).getElementsByTagName("script").getLength()).isZero();
        Answer login = get("/login?" + Fields.encoded("next", "/\"><script>"), Optional.empty());
        assertThat(login.body()).doesNotContain("<script>");
    }

    @Test
    void theOverviewSaysWhatLivesAndWhatEndedLast() {
        platform.sessions.add(TestPlatform.session("one", "alice", Status.ACTIVE));
        platform.sessions.add(TestPlatform.session("two", "alice", Status.ACTIVE));
        platform.sessions.add(TestPlatform.ended("three", "alice", "It reached its maximum lifetime."));
        String page = get("/", signedIn("ada")).body();
        assertThat(page).contains("qemu:///system, tcg").contains("<dt>active</dt><dd><a href=\"/agents/console/sessions?state=active\">2</a>")
                .contains("of hello: It reached its maximum lifetime.").contains("1 ready, 0 being made ready, 0 failed");
    }

    @Test
    void aSessionsPageHasItsFiguresItsLogAndWhatWentOut() {
        platform.sessions.add(TestPlatform.session("one", "alice", Status.IDLE));
        log = List.of(new LogLine(1, TestPlatform.BEGAN, LogLine.Source.STDOUT, LogLine.Severity.INFO, "out of tea"));
        out = Optional.of(new ConnectionsView(Map.of(), 0, 0, List.of(new OutboundConnection(TestPlatform.BEGAN, "proxy", "models.example", OptionalInt.of(443), 30, 700,
                OutboundConnection.Outcome.DENIED, Duration.ofMillis(20), "not allowed"))));
        String page = get("/session?agent=hello&id=one", signedIn("alice")).body();
        assertThat(page).contains("2026-01-31 11:00:00 stdout out of tea").contains("models.example", "denied", "not allowed")
                .contains("<dd>1.50 s</dd>").contains("5.00 GB s, at most 200 MiB").contains("0.25 USD").contains("primed, in 70 ms")
                .contains("2026-01-31 11:16:00 UTC, if nothing happens").contains("End this session");
    }

    @Test
    void anEndedSessionHasNothingToEnd() {
        platform.sessions.add(TestPlatform.ended("one", "alice", "Somebody ended it."));
        assertThat(get("/session?agent=hello&id=one", signedIn("alice")).body()).contains("Somebody ended it.").doesNotContain("End this session");
        assertThat(get("/sessions?state=terminated", signedIn("alice")).body()).contains("Somebody ended it.").doesNotContain("type=\"checkbox\"");
    }

    @Test
    void whatWasAskedForStandsInTheFormAgain() {
        String page = get("/sessions?agent=hello&user=al&state=hibernated&sort=cpu", signedIn("ada")).body();
        assertThat(page).contains("name=\"agent\" value=\"hello\"", "name=\"user\" value=\"al\"")
                .contains("<option value=\"hibernated\" selected=\"selected\">").contains("<option value=\"cpu\" selected=\"selected\">");
    }

    @Test
    void aThousandSessionsAreReadPageByPage() {
        for (int i = 0; i < 1000; i++) {
            platform.sessions.add(TestPlatform.session("session-" + i, "alice", Status.IDLE));
        }
        Optional<String> ada = signedIn("ada");
        int seen = 0;
        String path = "/sessions";
        Pattern later = Pattern.compile("<a href=\"/agents/console(/sessions\\?[^\"]+)\">Later</a>");
        for (int pages = 0; pages < 30; pages++) {
            String page = get(path, ada).body();
            seen += page.split("type=\"checkbox\"", -1).length - 1;
            Matcher next = later.matcher(page);
            if (!next.find()) {
                break;
            }
            path = next.group(1).replace("&amp;", "&");
        }
        assertThat(seen).isEqualTo(1000);
    }

    @Test
    void everyFieldHasALabelAndEveryTableACaption() throws Exception {
        platform.sessions.add(TestPlatform.session("one", "alice", Status.IDLE));
        for (String path : List.of("/sessions", "/agents")) {
            Element page = parsed(get(path, signedIn("ada")));
            NodeList inputs = page.getElementsByTagName("input");
            for (int i = 0; i < inputs.getLength(); i++) {
                Element input = (Element) inputs.item(i);
                assertThat(input.getAttribute("type").equals("hidden") || input.hasAttribute("aria-label") || input.getParentNode().getNodeName().equals("label")).isTrue();
            }
            assertThat(page.getElementsByTagName("caption").getLength()).isEqualTo(page.getElementsByTagName("table").getLength());
            assertThat(page.getElementsByTagName("h1").getLength()).isEqualTo(1);
        }
    }
}
