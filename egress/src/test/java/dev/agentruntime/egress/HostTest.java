package dev.agentruntime.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.net.Host;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostTest {

    @ParameterizedTest
    @CsvSource({"127.0.0.1, 127.0.0.1", "2130706433, 127.0.0.1", "0x7f000001, 127.0.0.1", "0X7F.1, 127.0.0.1", "017700000001, 127.0.0.1",
        "127.1, 127.0.0.1", "0177.0.0.01, 127.0.0.1", "10.1, 10.0.0.1", "192.168.257, 192.168.1.1", "127.0.0.1., 127.0.0.1", "0, 0.0.0.0",
        "[::1], [0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1], 127.0.0.1", "[::FFFF:7f00:1], 127.0.0.1"})
    void everyFormOfAnAddressIsTheAddress(String text, String address) {
        assertThat(Host.parse(text)).isInstanceOf(Host.Literal.class).hasToString(address);
    }

    @ParameterizedTest
    @CsvSource({"API.Example.COM, api.example.com", "api.example.com., api.example.com", "a_b.example, a_b.example", "localhost, localhost",
        "1.example, 1.example", "xn--bcher-kva.example, xn--bcher-kva.example"})
    void aNameIsSmallAndHasNoDotAtItsEnd(String text, String name) {
        assertThat(Host.parse(text)).isEqualTo(new Host.Name(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "a..b", "a b", "a/b", "a%2e", "ex\u00e4mple.com", "127.0.0.1\u3002", "1.2.3.4.5", "256.1.1.1", "1.2.3.256", "08.1.1.1",
        "4294967296", "[::1", "::1", "[fe80::1%eth0]", "[::1]x", "a@b", "-a.example", "a:80", "[]", "[1.2.3.4]", "\u2460.1.1.1"})
    void whatIsNoHostIsRefused(String text) {
        assertThatThrownBy(() -> Host.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    /** Some releases of Java ask their resolver for it: a guest could have any name looked up, and the loop would wait. */
    @ParameterizedTest
    @ValueSource(strings = {"[beef.cafe]", "[secret.dead.cc]", "[a.de]", "[face]", "[1.2.3.4]", "[1]"})
    void whatStandsInBracketsWithoutAColonIsLookedUpNowhere(String text) {
        assertThatThrownBy(() -> Host.parse(text)).isInstanceOf(IllegalArgumentException.class).hasNoCause();
    }

    @Test
    void aDestinationIsAHostAndAPort() {
        assertThat(Destination.parse("db.example:5432", Optional.empty())).hasToString("db.example:5432");
        assertThat(Destination.parse("[::1]:80", Optional.empty())).hasToString("[0:0:0:0:0:0:0:1]:80");
        assertThat(Destination.parse("db.example", Optional.of(80)).header(80)).isEqualTo("db.example");
        assertThat(Destination.parse("db.example:81", Optional.of(80)).header(80)).isEqualTo("db.example:81");
    }

    @ParameterizedTest
    @ValueSource(strings = {"db.example", "db.example:", "db.example:0", "db.example:65536", "db.example:+80", "db.example:80x", "a:b:80", ":80", "user@db.example:80"})
    void whatIsNoDestinationIsRefused(String text) {
        assertThatThrownBy(() -> Destination.parse(text, Optional.empty())).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({"*, a.example, true", "*, 1.1.1.1, false", "*.corp.example, a.b.corp.example, true", "*.corp.example, corp.example, false",
        "*.corp.example, evilcorp.example, false", "*.corp.example, corp.example.evil.com, false", "api.example.com, API.example.com., true",
        "api.example.com, x.api.example.com, false", "10.0.0.0/8, 10.1.2.3, true", "10.0.0.0/8, 11.1.2.3, false", "10.1.2.3, 0xa010203, true",
        "10.0.0.0/8, ten.example, false", "fd00::/8, [fd00::1], true", "::1, [::1], true"})
    void aPatternMatchesNamesOrAddressesAndNeverOneForTheOther(String pattern, String host, boolean matches) {
        assertThat(HostPattern.parse(pattern).matches(Host.parse(host))).isEqualTo(matches);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a.*.example", "*a.example", "**", "10.0.0.0/33", "10.0.0.0/x", "*.10.0.0.1", "a.example/8"})
    void whatIsNoPatternIsRefused(String pattern) {
        assertThatThrownBy(() -> HostPattern.parse(pattern)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void portsAreNumbersAndRanges() {
        assertThat(PortRange.parse("443").contains(443)).isTrue();
        assertThat(PortRange.parse("8000-8099").contains(8050)).isTrue();
        assertThat(PortRange.parse("8000-8099").contains(8100)).isFalse();
        assertThatThrownBy(() -> PortRange.parse("90-80")).hasMessageContaining("ends before");
        assertThatThrownBy(() -> PortRange.parse("http")).hasMessageContaining("no port");
    }
}
