package dev.agentruntime.egress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.config.Attributes;
import dev.agentruntime.net.Host;
import dev.agentruntime.spi.WantedCredential;
import dev.agentruntime.spi.WantedCredential.Flow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What server.xml says of outbounds and allowed hosts. */
class RulesTest {

    private static final String KEY = "sk-secret";

    private final List<String> problems = new ArrayList<>();

    /** Hands out its characters as Liberty's protected string does. */
    public static final class Password {
        private final String text;

        Password(String text) {
            this.text = text;
        }

        public char[] getChars() {
            return text.toCharArray();
        }

        @Override
        public String toString() {
            return "*****";
        }
    }

    private Optional<Outbound> outbound(Object... attributes) {
        Map<String, Object> properties = new HashMap<>();
        for (int i = 0; i < attributes.length; i += 2) {
            properties.put((String) attributes[i], attributes[i + 1]);
        }
        Attributes element = Attributes.of("outbound", properties);
        Optional<Outbound> read = RuleReader.outbound(element, RuleReader.OF_AN_OUTBOUND);
        problems.addAll(element.problems());
        return read;
    }

    @Test
    void anOutboundForHttpHasItsUrlAndItsHeader() {
        Outbound read = outbound("name", "openai", "url", "https://api.openai.com/v1/", "header", "Authorization", "value", new Password("Bearer " + KEY)).orElseThrow();
        assertThat(read.upstream()).isEqualTo(new Upstream(new Destination(new Host.Name("api.openai.com"), 443), true, Optional.empty()));
        assertThat(read.http()).contains(new Outbound.Http("/v1", Optional.of(new Credential("Authorization", "Bearer " + KEY)), Optional.empty()));
        assertThat(read.guest().port()).isEqualTo(80);
        assertThat(read.toString()).doesNotContain(KEY);
        assertThat(problems).isEmpty();
    }

    @Test
    void anOutboundForTcpHasItsPortInTheGuestToo() {
        assertThat(outbound("name", "orders-db", "tcp", "db.corp.example:5432").orElseThrow().guest().port()).isEqualTo(5432);
        assertThat(outbound("name", "orders-db", "tcp", "db.corp.example:5432", "port", "15432").orElseThrow().guest().port()).isEqualTo(15_432);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "name=a b|url=https://x|name", "name=A|url=https://x|name", "name=a|ssl=x|either url or tcp", "name=a|url=ftp://x|https://",
        "name=a|url=https://user:pw@x/|without user", "name=a|url=https://x?y=1|without user", "name=a|url=https://x:0|port", "name=a|tcp=db|port",
        "name=a|url=https://|no host", "name=a|url=https://x y|without user", "name=a|tcp=db:99999|port"})
    void whatCannotBeUsedIsLeftOutAndTold(String one, String two, String told) {
        assertThat(outbound(one.split("=")[0], one.split("=", 2)[1], two.split("=")[0], two.split("=", 2)[1])).isEmpty();
        assertThat(problems).singleElement().satisfies(problem -> assertThat(problem).contains(told).contains("left out"));
    }

    @Test
    void aCredentialIsWholeAndAProperHeaderAndNeverInAProblem() {
        assertThat(outbound("name", "a", "url", "https://x", "header", "Authorization")).isEmpty();
        assertThat(outbound("name", "a", "url", "https://x", "value", new Password(KEY))).isEmpty();
        assertThat(outbound("name", "a", "url", "https://x", "header", "A B", "value", new Password(KEY))).isEmpty();
        assertThat(outbound("name", "a", "url", "https://x", "header", "Host", "value", new Password(KEY))).isEmpty();
        assertThat(outbound("name", "a", "url", "https://x", "header", "A", "value", new Password(KEY + "\r\nB: c"))).isEmpty();
        assertThat(outbound("name", "a", "tcp", "db:1", "header", "A", "value", new Password(KEY))).isEmpty();
        assertThat(outbound("name", "a", "url", "https://x", "header", "A", "value", new Password("Bearer {xor}LDo8LTor"))).isEmpty();
        assertThat(problems).hasSize(7).allSatisfy(problem -> assertThat(problem).doesNotContain(KEY).doesNotContain("LDo8LTor"));
    }

    @Test
    void aCredentialOfAProviderHasAHeaderAndAFormat() {
        assertThat(keyed("name", "a", "url", "https://x", "credential", "github-key")).isEqualTo(new Keyed(key("github-key"), "Authorization", "Bearer ", ""));
        assertThat(keyed("name", "a", "url", "https://x", "credential", "k", "header", "X-Api-Key")).isEqualTo(new Keyed(key("k"), "X-Api-Key", "", ""));
        assertThat(keyed("name", "a", "url", "https://x", "credential", "k", "format", "token {credential}!"))
                .isEqualTo(new Keyed(key("k"), "Authorization", "token ", "!"));
        assertThat(problems).isEmpty();
        assertThat(outbound("name", "a", "url", "https://x", "credential", "github-key").orElseThrow()).hasToString(
                "a.outbound:80 -> https://x with Authorization of the credential provider github-key");
    }

    private static WantedCredential key(String provider) {
        return new WantedCredential(provider, Flow.API_KEY, List.of());
    }

    @Test
    void anAccessTokenOfAProviderHasAFlowAndScopes() {
        assertThat(keyed("name", "a", "url", "https://x", "credential", "github", "flow", "user-federation", "scopes", " repo  read:user "))
                .isEqualTo(new Keyed(new WantedCredential("github", Flow.USER_FEDERATION, List.of("repo", "read:user")), "Authorization", "Bearer ", ""));
        assertThat(keyed("name", "a", "url", "https://x", "credential", "idp", "flow", "m2m").wanted()).isEqualTo(new WantedCredential("idp", Flow.M2M, List.of()));
        assertThat(keyed("name", "a", "url", "https://x", "credential", "idp", "flow", "on-behalf-of").wanted().flow()).isEqualTo(Flow.ON_BEHALF_OF_TOKEN_EXCHANGE);
        assertThat(problems).isEmpty();
    }

    private Keyed keyed(String... attributes) {
        Object[] all = attributes;
        return outbound(all).flatMap(Outbound::http).flatMap(Outbound.Http::keyed).orElseThrow();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"credential=a b|header=A|name of a credential provider", "credential=k|value=x|both value and credential",
        "credential=k|header=Host|not the name of a header", "credential=k|format=Bearer|{credential} in it once", "credential=k|format={credential}{credential}|once",
        "format=Bearer {credential}|header=A|that the attribute credential names", "flow=m2m|header=A|how an access token is got",
        "scopes=a|header=A|how an access token is got", "credential=k|scopes=a|an API key has no scopes", "credential=k|flow=M2M|none of m2m, on-behalf-of, user-federation", "credential=k|format=a\u00e4{credential}|once"})
    void whatCannotBeACredentialOfAProviderIsToldAndLeftOut(String one, String two, String told) {
        assertThat(outbound("name", "a", "url", "https://x", one.split("=")[0], one.split("=", 2)[1], two.split("=")[0], two.split("=", 2)[1])).isEmpty();
        assertThat(problems).singleElement().asString().contains(told, "left out");
    }

    @Test
    void bytesOverTcpHaveNoCredentialOfAProvider() {
        assertThat(outbound("name", "a", "tcp", "db:1", "credential", "k")).isEmpty();
        assertThat(outbound("name", "a", "tcp", "db:1", "format", "{credential}")).isEmpty();
        assertThat(outbound("name", "a", "tcp", "db:1", "flow", "m2m")).isEmpty();
        assertThat(problems).hasSize(3).allSatisfy(problem -> assertThat(problem).contains("is for one with url"));
    }

    /** It would be sent as it is written. */
    @ParameterizedTest
    @ValueSource(strings = {"{xor}", "{xor}LDo8 LTor", "Bearer {aes}AB-CD", "{xor}LDo8LTor and more", "{aes-128}\u00e4", "{custom:mine}*"})
    void anEncodedValueThatCannotBeDecodedIsNoCredential(String value) {
        assertThat(outbound("name", "a", "url", "https://x", "header", "Authorization", "value", new Password(value))).isEmpty();
        assertThat(problems).singleElement().asString().contains("securityUtility", "left out").doesNotContain("LDo8").doesNotContain("AB-CD");
    }

    /** Liberty hands over attributes that nobody knows, and says nothing. */
    @ParameterizedTest
    @CsvSource({"adresses", "agent", "Header", "tls", "timeout"})
    void anOutboundWithAMistypedAttributeIsLeftOutAndTheAttributeIsTold(String mistyped) {
        assertThat(outbound("name", "a", "url", "https://x", mistyped, "10.0.0.0/8", "service.pid", "outbound_1", "id", "mine")).isEmpty();
        assertThat(problems).singleElement().asString().contains("has no " + mistyped + ".", "left out").doesNotContain("..");
    }

    /** Without what it was to narrow it would allow more than is written. */
    @Test
    void anAllowedHostWithAMistypedAttributeAllowsNothing() {
        Attributes runtime = Attributes.of("agentRuntime", Map.of("agent.0.name", "one", "agent.0.allow.0.host", "*.example", "agent.0.allow.0.port", "8443"));
        assertThat(RuleReader.agents(runtime).get("one").allowed()).isEmpty();
        assertThat(runtime.problems()).singleElement().asString().contains("has no port.", "Did you mean ports?", "nothing is allowed");
    }

    @Test
    void aMistypedSettingIsToldAndTheOthersCount() {
        Attributes own = Attributes.of("agentRuntimeEgress", Map.of("conectTimeout", "1s", "idleTimeout", "2s"));
        assertThat(EgressSettings.read(own).text()).contains("connectTimeout=10s", "idleTimeout=2s");
        assertThat(own.problems()).singleElement().asString().contains("<agentRuntimeEgress> has no conectTimeout.");
    }

    /** A guest is given so many names; a session with more could not begin. */
    @Test
    void ofTooManyOutboundsTheFirstCountAndTheOthersAreTold() {
        Map<String, Object> properties = new HashMap<>(Map.of("agent.0.name", "one"));
        for (int i = 0; i < 102; i++) {
            properties.put("agent.0.outbound." + i + ".name", "own-" + i);
            properties.put("agent.0.outbound." + i + ".url", "http://x");
        }
        Attributes runtime = Attributes.of("agentRuntime", properties);
        Map<String, AgentRules> agents = RuleReader.agents(runtime);
        assertThat(agents.get("one").outbounds()).hasSize(100).containsKeys("own-0", "own-99");
        assertThat(runtime.problems()).hasSize(2).first().asString().contains("<outbound name=\"own-100\">", "100 outbounds at most");
    }

    @Test
    void ofTooManySharedOutboundsTheFirstCountAndTheOthersAreTold() {
        List<String> lines = new ArrayList<>();
        Handler handler = handler(lines);
        Logger.getLogger(RuleBook.class.getName()).addHandler(handler);
        try {
            RuleBook book = new RuleBook();
            new AgentElements(book, Map.of("agent.0.name", "one", "agent.0.outbound.0.name", "own", "agent.0.outbound.0.url", "http://own"));
            for (int i = 1; i <= 101; i++) {
                new SharedOutbound(book, Map.of("service.pid", "outbound_" + i, "name", "s" + i, "url", "http://x", "agents", "*"));
            }
            assertThat(book.of("one").outbounds()).hasSize(100).containsKeys("own", "s1", "s99");
            assertThat(book.of("other").outbounds()).hasSize(100).containsKeys("s1", "s100");
            assertThat(lines).filteredOn(line -> line.startsWith("AGRT4002W")).last().asString().contains("The agent one has 100 outbounds", "Left out: s100, s101.");
            assertThat(lines).filteredOn(line -> line.startsWith("AGRT4002W")).anySatisfy(line -> assertThat(line).contains("The agent * has 100", "Left out: s101."));
        } finally {
            Logger.getLogger(RuleBook.class.getName()).removeHandler(handler);
        }
    }

    /** Liberty leaves a variable that it does not know as it is written, and says nothing. */
    @Test
    void aVariableThatIsNotSetIsNoCredentialAndIsToldByItsName() {
        assertThat(outbound("name", "a", "url", "https://x", "header", "Authorization", "value", new Password("Bearer ${openai.key}"))).isEmpty();
        assertThat(problems).singleElement().asString().contains("the variable openai.key is not set", "<variable name=\"openai.key\"", "left out");
        Attributes own = Attributes.of("agentRuntimeEgress", Map.of("proxy", "proxy:3128", "proxyUser", "host", "proxyPassword", new Password("${proxy.password}")));
        assertThat(EgressSettings.read(own).proxy()).hasValueSatisfying(proxy -> assertThat(proxy.user()).isEmpty());
        assertThat(own.problems()).singleElement().asString().contains("the variable proxy.password is not set", "Nothing leaves a guest");
    }

    @ParameterizedTest
    @ValueSource(strings = {"prxy", "Proxy", "proxi"})
    void nothingGoesPastAProxyWhoseNameIsMistyped(String mistyped) {
        Attributes own = Attributes.of("agentRuntimeEgress", Map.of(mistyped, "proxy:3128"));
        assertThat(EgressSettings.read(own).proxy()).hasValueSatisfying(proxy -> assertThat(proxy.destination()).hasToString("proxy.invalid:1"));
        assertThat(own.problems()).hasSize(2).anySatisfy(problem -> assertThat(problem).contains("Did you mean proxy?"))
                .anySatisfy(problem -> assertThat(problem).contains("seems to be mistyped", "Nothing leaves a guest"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Expect", "TE", "trailer", "Keep-Alive", "Proxy-Connection", "Max-Forwards", "Content-Length", "Transfer-Encoding", "Upgrade"})
    void aHeaderOfTheConnectionOrTheBodyIsNoCredential(String header) {
        assertThat(outbound("name", "a", "url", "https://x", "header", header, "value", new Password(KEY))).isEmpty();
        assertThat(problems).singleElement().asString().contains("not the name of a header for a credential").doesNotContain(KEY);
    }

    @Test
    void aValueOfBlanksIsNoCredential() {
        assertThat(outbound("name", "a", "url", "https://x", "header", "Authorization", "value", new Password("  "))).isEmpty();
        assertThat(problems).singleElement().asString().contains("header and value go together");
    }

    @ParameterizedTest
    @CsvSource({"https://api.example.com/, a URL", "https://api.example.com:8443, a URL", "api.example.com:443, a port", "*.example.com:443, a port",
        "192.0.2.7:80, a port", "[::1]:80, a port"})
    void anAllowedHostThatIsWrittenWithSchemeOrPortIsToldWhereThePortGoes(String host, String told) {
        Attributes runtime = Attributes.of("agentRuntime", Map.of("agent.0.name", "one", "agent.0.allow.0.host", host));
        assertThat(RuleReader.agents(runtime).get("one").allowed()).isEmpty();
        assertThat(runtime.problems()).singleElement().asString().contains(told, "host alone", "attribute ports");
    }

    @ParameterizedTest
    @ValueSource(strings = {"::1", "[::1]", "2001:db8::/32", "[2001:db8::]/32", "::ffff:192.0.2.7", "10.0.0.0/8"})
    void anAddressWithColonsIsNoHostWithAPort(String host) {
        Attributes runtime = Attributes.of("agentRuntime", Map.of("agent.0.name", "one", "agent.0.allow.0.host", host));
        assertThat(RuleReader.agents(runtime).get("one").allowed()).hasSize(1);
        assertThat(runtime.problems()).isEmpty();
    }

    @Test
    void thePathOfAUrlIsInNoText() {
        Outbound read = outbound("name", "hook", "url", "https://hooks.example:8443/services/" + KEY).orElseThrow();
        assertThat(read.toString()).contains("https://hooks.example:8443/...").doesNotContain(KEY);
        RuleBook book = new RuleBook();
        List<String> lines = new ArrayList<>();
        Handler handler = handler(lines);
        Logger.getLogger(RuleBook.class.getName()).addHandler(handler);
        try {
            book.agents(Map.of("one", new AgentRules("one", Map.of("hook", read), List.of())));
        } finally {
            Logger.getLogger(RuleBook.class.getName()).removeHandler(handler);
        }
        assertThat(lines).singleElement().asString().startsWith("AGRT4003I").contains("hooks.example:8443").doesNotContain(KEY);
    }

    static Handler handler(List<String> lines) {
        return new Handler() {
            @Override
            public void publish(LogRecord line) {
                lines.add(line.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
    }

    @ParameterizedTest
    @CsvSource({"url, htps://user:PW@host/", "url, https://user:PW@host/", "url, https:/hooks.example/PW", "url, user:PW@host", "url, https://x:443@user:PW@host/",
        "tcp, user:PW@db:5432", "tcp, postgres://user:PW@db:5432/orders", "tcp, db:5432@user:PW@", "header, Authorization: Bearer PW"})
    void aUrlThatCannotBeUsedIsToldWithoutWhatMayBeSecretInIt(String attribute, String value) {
        if (attribute.equals("header")) {
            assertThat(outbound("name", "a", "url", "https://x", "header", value, "value", new Password(KEY))).isEmpty();
        } else {
            assertThat(outbound("name", "a", attribute, value)).isEmpty();
        }
        assertThat(problems).singleElement().satisfies(problem -> assertThat(problem).contains("left out").doesNotContain("PW"));
    }

    @Test
    void aProxyOrAnAllowedHostThatIsWrittenWithAPasswordIsToldWithoutIt() {
        Attributes own = Attributes.of("agentRuntimeEgress", Map.of("proxy", "http://user:p/w@proxy.corp.example:3128"));
        EgressSettings.read(own);
        Attributes runtime = Attributes.of("agentRuntime", Map.of("agent.0.name", "one", "agent.0.allow.0.host", "https://user:p/w@x.example/",
                "agent.0.allow.1.host", "user:p/w@*.example"));
        RuleReader.agents(runtime);
        assertThat(own.problems()).hasSize(1).allSatisfy(problem -> assertThat(problem).doesNotContain("p/w"));
        assertThat(runtime.problems()).hasSize(2).allSatisfy(problem -> assertThat(problem).doesNotContain("p/w"));
    }

    @Test
    void outboundsAndAllowedHostsAreThoseOfTheirAgent() {
        Map<String, Object> properties = new HashMap<>(Map.of("agent.0.name", "one", "agent.0.outbound.0.name", "a", "agent.0.outbound.0.url", "http://a",
                "agent.0.outbound.1.name", "a", "agent.0.outbound.1.url", "http://b", "agent.1.name", "two", "agent.1.allow.0.host", "*.corp.example",
                "agent.1.allow.0.ports", "443, 8000-8099", "agent.1.allow.1.host", "a*b"));
        Attributes runtime = Attributes.of("agentRuntime", properties);
        Map<String, AgentRules> agents = RuleReader.agents(runtime);
        assertThat(agents.get("one").outbound("a").orElseThrow().upstream().origin()).isEqualTo("http://a");
        assertThat(agents.get("one").allowed()).isEmpty();
        assertThat(agents.get("two").outbounds()).isEmpty();
        assertThat(agents.get("two").permit(Destination.parse("x.corp.example:8050", Optional.empty()))).isPresent();
        assertThat(agents.get("two").permit(Destination.parse("x.corp.example:80", Optional.empty()))).isEmpty();
        assertThat(runtime.problems()).hasSize(2).anySatisfy(problem -> assertThat(problem).contains("two elements <outbound name=\"a\">"))
                .anySatisfy(problem -> assertThat(problem).contains("<allow host=\"a*b\">").contains("nothing is allowed"));
    }

    @Test
    void anOutboundThatIsSharedBelongsToThoseItNamesAndGivesWayToTheirOwn() {
        RuleBook book = new RuleBook();
        SharedOutbound shared = new SharedOutbound(book, Map.of("service.pid", "outbound_1", "name", "a", "url", "http://shared", "agents", "one, two"));
        new SharedOutbound(book, Map.of("service.pid", "outbound_2", "name", "b", "url", "http://everyones", "agents", "*"));
        new AgentElements(book, Map.of("agent.0.name", "two", "agent.0.outbound.0.name", "a", "agent.0.outbound.0.url", "http://own"));
        assertThat(book.of("one").outbounds().keySet()).containsExactlyInAnyOrder("a", "b");
        assertThat(book.of("two").outbound("a").orElseThrow().upstream().origin()).isEqualTo("http://own");
        assertThat(book.of("dropped-in").outbounds().keySet()).containsExactly("b");
        shared.modified(Map.of("service.pid", "outbound_1", "name", "a", "url", "http://changed", "agents", "one"));
        assertThat(book.of("one").outbound("a").orElseThrow().upstream().origin()).isEqualTo("http://changed");
        shared.deactivate();
        assertThat(book.of("one").outbounds().keySet()).containsExactly("b");
    }

    @Test
    void ofTwoSharedOutboundsOfOneNameTheFirstInServerXmlCountsAndTheOtherIsTold() {
        List<String> lines = new ArrayList<>();
        Handler handler = handler(lines);
        Logger.getLogger(RuleBook.class.getName()).addHandler(handler);
        try {
            RuleBook book = new RuleBook();
            new SharedOutbound(book, Map.of("service.pid", "outbound_10", "name", "a", "url", "http://tenth", "agents", "one"));
            new SharedOutbound(book, Map.of("service.pid", "outbound_2", "name", "a", "url", "http://second", "agents", "*"));
            new SharedOutbound(book, Map.of("service.pid", "outbound_3", "name", "b", "url", "http://third", "agents", "two"));
            SharedOutbound last = new SharedOutbound(book, Map.of("service.pid", "outbound_11", "name", "b", "url", "http://eleventh", "agents", "three"));
            assertThat(book.of("one").outbound("a").orElseThrow().upstream().origin()).isEqualTo("http://second");
            assertThat(lines).filteredOn(line -> line.startsWith("AGRT4002W")).singleElement().asString()
                    .contains("Two elements <outbound name=\"a\">", "the agent one", "The first one counts");
            last.modified(Map.of("service.pid", "outbound_11", "name", "b", "url", "http://eleventh", "agents", "two"));
            assertThat(lines).filteredOn(line -> line.startsWith("AGRT4002W")).hasSize(2).last().asString().contains("the agent two");
        } finally {
            Logger.getLogger(RuleBook.class.getName()).removeHandler(handler);
        }
    }

    @Test
    void whatNoAgentIsCalledIsToldAndTheOthersHaveTheOutbound() {
        List<String> lines = new ArrayList<>();
        Handler handler = handler(lines);
        Logger.getLogger(SharedOutbound.class.getName()).addHandler(handler);
        try {
            RuleBook book = new RuleBook();
            new SharedOutbound(book, Map.of("service.pid", "outbound_1", "name", "a", "url", "http://x", "agents", "one, two;three my-agent"));
            assertThat(book.of("one").outbounds()).hasSize(1);
            assertThat(book.of("my-agent").outbounds()).hasSize(1);
            assertThat(lines).singleElement().asString().startsWith("AGRT4002W").contains("<outbound name=\"a\"> has 'two;three'", "commas");
        } finally {
            Logger.getLogger(SharedOutbound.class.getName()).removeHandler(handler);
        }
    }

    @Test
    void anElementInsideAnAgentIsNotShared() {
        RuleBook book = new RuleBook();
        new SharedOutbound(book, Map.of("service.pid", "outbound_1", "config.parentPID", "agent_1", "name", "a", "url", "http://x", "agents", "*"));
        assertThat(book.of("one").outbounds()).isEmpty();
    }

    @Test
    void theSettingsHaveTheDefaultsOfTheManual() {
        EgressSettings settings = EgressSettings.read(Attributes.of("agentRuntimeEgress", Map.of()));
        assertThat(settings.text()).isEqualTo("connectTimeout=10s, responseTimeout=5m, idleTimeout=5m, closingTimeout=30s, maxConnectionsPerSession=100,"
                + " maxConnectionsPerAgent=1000, newConnectionsPerSecond=100, bytesPerSecond=64m, maxBytesPerSession=65536m,"
                + " maxBytesPerAgentAndHour=1048576m, maxHeaderBytes=32768");
        assertThat(settings.proxy()).isEmpty();
    }

    @Test
    void aCompanysProxyThatCannotBeReadLetsNothingPassAroundIt() {
        Attributes own = Attributes.of("agentRuntimeEgress", Map.of("proxy", "no port", "proxyPassword", new Password(KEY)));
        assertThat(EgressSettings.read(own).proxy()).hasValueSatisfying(proxy -> assertThat(proxy.isFor(new Host.Name("x"))).isTrue());
        assertThat(own.problems()).singleElement().satisfies(problem -> assertThat(problem).contains("HOST:PORT").doesNotContain(KEY));
    }

    @Test
    void aPasswordWithoutAUserAndAUserWithAColonAreTold() {
        Attributes nobody = Attributes.of("agentRuntimeEgress", Map.of("proxy", "proxy:3128", "proxyPassword", new Password(KEY)));
        assertThat(EgressSettings.read(nobody).proxy()).hasValueSatisfying(proxy -> assertThat(proxy.user()).isEmpty());
        assertThat(nobody.problems()).singleElement().asString().contains("write proxyUser too").doesNotContain(KEY);
        Attributes two = Attributes.of("agentRuntimeEgress", Map.of("proxy", "proxy:3128", "proxyUser", "ho:st", "proxyPassword", new Password(KEY)));
        EgressSettings.read(two);
        assertThat(two.problems()).singleElement().asString().contains("proxyUser has a ':'").doesNotContain(KEY);
    }

    @Test
    void aPortThatIsNoNumberIsToldAndTheRestGoesOn() {
        assertThat(outbound("name", "a", "url", "https://x", "port", "many").orElseThrow().guest().port()).isEqualTo(80);
        assertThat(problems).singleElement().asString().contains("The attribute port of <outbound> is 'many'.");
    }

    @Test
    void thePasswordOfTheProxyIsInNoText() {
        Attributes own = Attributes.of("agentRuntimeEgress", Map.of("proxy", "proxy.corp.example:3128", "proxyUser", "host", "proxyPassword", new Password(KEY)));
        EgressSettings settings = EgressSettings.read(own);
        assertThat(settings.proxy().orElseThrow().user().orElseThrow().password()).isEqualTo(KEY);
        assertThat(settings.text() + settings).contains("proxy=proxy.corp.example:3128").doesNotContain(KEY);
    }
}
