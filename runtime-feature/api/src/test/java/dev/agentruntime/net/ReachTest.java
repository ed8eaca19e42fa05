package dev.agentruntime.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ReachTest {

    @ParameterizedTest
    @CsvSource({
        "1.1.1.1, PUBLIC", "172.15.255.255, PUBLIC", "172.32.0.0, PUBLIC", "100.63.255.255, PUBLIC", "100.128.0.0, PUBLIC",
        "10.0.0.1, PRIVATE", "172.16.0.1, PRIVATE", "172.31.255.255, PRIVATE", "192.168.1.1, PRIVATE", "100.64.0.1, PRIVATE",
        "127.0.0.1, LOOPBACK", "127.255.255.255, LOOPBACK", "169.254.169.254, LINK_LOCAL",
        "168.63.129.16, LINK_LOCAL", "100.100.100.200, LINK_LOCAL", "192.0.0.192, LINK_LOCAL", "fd00:ec2::254, LINK_LOCAL",
        "fd20:ce::254, LINK_LOCAL", "fd00:c1::a9fe:a9fe, LINK_LOCAL", "::ffff:168.63.129.16, LINK_LOCAL", "64:ff9b::6464:64c8, LINK_LOCAL",
        "100.100.100.201, PRIVATE", "168.63.129.17, PUBLIC",
        "0.0.0.0, SPECIAL", "0.1.2.3, SPECIAL", "224.0.0.1, SPECIAL", "239.255.255.255, SPECIAL", "240.0.0.1, SPECIAL",
        "255.255.255.255, SPECIAL", "198.18.0.1, SPECIAL", "192.0.2.1, SPECIAL", "203.0.113.9, SPECIAL",
        "2606:4700:4700::1111, PUBLIC", "::1, LOOPBACK", "::, SPECIAL", "fe80::1, LINK_LOCAL", "fc00::1, PRIVATE", "fd12:3456::1, PRIVATE",
        "fec0::1, PRIVATE", "ff02::1, SPECIAL", "2001:db8::1, SPECIAL", "2001::1, SPECIAL", "4000::1, SPECIAL", "1::1, SPECIAL",
        "::ffff:127.0.0.1, LOOPBACK", "::ffff:10.0.0.1, PRIVATE", "::ffff:1.1.1.1, PUBLIC", "::127.0.0.1, LOOPBACK", "::10.1.2.3, PRIVATE",
        "64:ff9b::7f00:1, LOOPBACK", "64:ff9b::a9fe:a9fe, LINK_LOCAL", "64:ff9b::101:101, PUBLIC", "64:ff9b:1::a00:1, SPECIAL",
        "2002:7f00:1::, LOOPBACK", "2002:c0a8:101::1, PRIVATE", "2002:101:101::1, PUBLIC"})
    void everyAddressReachesAsFarAsItsRangeSays(String address, Reach reach) throws UnknownHostException {
        assertThat(Reach.of(InetAddress.getByName(address))).isEqualTo(reach);
    }

    static Stream<InetAddress> ownAddresses() throws SocketException {
        return NetworkInterface.networkInterfaces().flatMap(NetworkInterface::inetAddresses);
    }

    @ParameterizedTest
    @MethodSource("ownAddresses")
    void anAddressOfTheHostItselfIsALoopbackAddressWhateverItsRange(InetAddress own) {
        assertThat(Reach.of(own)).isEqualTo(Reach.LOOPBACK);
    }

    @ParameterizedTest
    @MethodSource("ownAddresses")
    void anAddressOfTheHostItselfMustBeNamedAndIsInNoRange(InetAddress own) throws UnknownHostException {
        InetAddress plain = InetAddress.getByAddress(own.getAddress());
        assertThat(Permit.publicAnd(List.of(Cidr.parse("0.0.0.0/0"), Cidr.parse("::/0"))).allows(own)).isEqualTo(own.isLoopbackAddress());
        assertThat(Permit.publicAnd(List.of(Cidr.parse(plain.getHostAddress()))).allows(own)).isTrue();
    }

    @Test
    void whatIsPermittedIsTheInternetAndWhatIsNamed() throws UnknownHostException {
        Permit permit = Permit.publicAnd(List.of(Cidr.parse("10.1.0.0/16")));
        assertThat(permit.allows(InetAddress.getByName("1.1.1.1"))).isTrue();
        assertThat(permit.allows(InetAddress.getByName("10.1.2.3"))).isTrue();
        assertThat(permit.allows(InetAddress.getByName("10.2.2.3"))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"db.corp.example, 10.0.0.1, true", "db.corp.example, 127.0.0.1, false", "db.corp.example, 169.254.169.254, false",
        "localhost, 127.0.0.1, true", "127.0.0.1, 127.0.0.1, true", "2130706433, 127.0.0.1, true"})
    void theHostOfAnOutboundMayBeOfTheCompanysNetworksAndElsewhereOnlyWhereItIsWrittenSo(String host, String address, boolean allowed)
            throws UnknownHostException {
        assertThat(Permit.configured(Host.parse(host), List.of()).allows(InetAddress.getByName(address))).isEqualTo(allowed);
    }
}
