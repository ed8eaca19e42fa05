package dev.agentruntime.egress;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.agentruntime.api.OutboundConnection.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The guest speaks http, the host https. */
class TlsTest extends EgressTestBase {

    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    static Path folder;
    private static KeyStore server;
    private static KeyStore client;
    private final CountDownLatch asked = new CountDownLatch(1);
    private Optional<CountDownLatch> reading = Optional.empty();

    @BeforeAll
    static void makeKeys() throws Exception {
        server = key("server", "dns:api.corp.example");
        client = key("client", "dns:host");
    }

    private static KeyStore key(String name, String san) throws Exception {
        Path file = folder.resolve(name + ".p12");
        Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair", "-alias", name,
                "-keyalg", "EC", "-dname", "CN=" + name, "-ext", "san=" + san, "-validity", "30", "-storetype", "PKCS12", "-keystore",
                file.toString(), "-storepass", "changeit").inheritIO().start();
        assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD);
        }
        return store;
    }

    private static KeyManager[] keys(KeyStore store) throws Exception {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD);
        return keys.getKeyManagers();
    }

    private static TrustManager[] trust(KeyStore of, String alias) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry(alias, of.getCertificate(alias));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        return trust.getTrustManagers();
    }

    private static SSLContext context(KeyManager[] keys, TrustManager[] trust) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys, trust, null);
        return context;
    }

    private int https(boolean wantsCertificate) throws Exception {
        HttpsServer https = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        https.setHttpsConfigurator(new HttpsConfigurator(context(keys(server), trust(client, "client"))) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters ssl = getSSLContext().getDefaultSSLParameters();
                ssl.setNeedClientAuth(wantsCertificate);
                parameters.setSSLParameters(ssl);
            }
        });
        https.createContext("/", exchange -> answer(exchange, 200, "host " + exchange.getRequestHeaders().getFirst("Host")));
        https.start();
        closing(() -> https.stop(0));
        return https.getAddress().getPort();
    }

    private String ask(String host, int port) throws IOException {
        outbound("api", "url", "https://" + host + ":" + port, "addresses", "127.0.0.0/8");
        return talk(port("outbound/api"), get("/"));
    }

    @Test
    void aCertificateOfTheHostsNameThatIsTrustedWillDo() throws Exception {
        tls = context(null, trust(server, "server"));
        names.put("api.corp.example", List.of("127.0.0.1"));
        int port = https(false);
        assertThat(ask("api.corp.example", port)).startsWith("HTTP/1.1 200").endsWith("host api.corp.example:" + port);
    }

    @Test
    void aCertificateOfAnotherNameIsRefused() throws Exception {
        tls = context(null, trust(server, "server"));
        names.put("other.corp.example", List.of("127.0.0.1"));
        assertThat(ask("other.corp.example", https(false))).startsWith("HTTP/1.1 502").contains("other.corp.example");
        assertThat(record().outcome()).isEqualTo(Outcome.UNREACHABLE);
    }

    @Test
    void aCertificateThatNobodyTrustsIsRefused() throws Exception {
        tls = context(null, trust(client, "client"));
        names.put("api.corp.example", List.of("127.0.0.1"));
        assertThat(ask("api.corp.example", https(false))).startsWith("HTTP/1.1 502").contains("could not be connected");
    }

    @Test
    void theHostShowsItsOwnCertificateWhereTheUpstreamWantsOne() throws Exception {
        names.put("api.corp.example", List.of("127.0.0.1"));
        int port = https(true);
        tls = context(keys(client), trust(server, "server"));
        assertThat(ask("api.corp.example", port)).startsWith("HTTP/1.1 200");
        SessionWay other = egress().join(facts("session-2"));
        tls = context(null, trust(server, "server"));
        try (GuestPort second = new GuestPort(other, "outbound/api")) {
            assertThat(talk(second, get("/"))).startsWith("HTTP/1.1 502");
        }
    }

    @Test
    void aServerThatNeverShakesHandsIsGivenUp() throws Exception {
        tls = context(null, trust(server, "server"));
        names.put("api.corp.example", List.of("127.0.0.1"));
        set("connectTimeout", "300ms");
        assertThat(ask("api.corp.example", silent().getLocalPort())).startsWith("HTTP/1.1 50").contains("api.corp.example");
    }

    @Test
    void aServerWithoutTlsIsToldAsSuch() throws Exception {
        tls = context(null, trust(server, "server"));
        names.put("api.corp.example", List.of("127.0.0.1"));
        set("connectTimeout", "500ms");
        int port = port(server(exchange -> answer(exchange, 200, "plain")));
        assertThat(ask("api.corp.example", port)).startsWith("HTTP/1.1 50").contains("api.corp.example");
    }

    /** Checks a certificate as long as the test likes. */
    private static final class SlowTrust extends X509ExtendedTrustManager {
        private final CountDownLatch checking = new CountDownLatch(1);
        private final CountDownLatch over = new CountDownLatch(1);

        private void check() {
            checking.countDown();
            NamedOutboundTest.await(over);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String kind, SSLEngine engine) {
            check();
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String kind, Socket socket) {
            check();
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String kind) {
            check();
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String kind, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String kind, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String kind) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    private void assertThatItsSessionIsServed() throws IOException {
        outbound("plain", "url", "http://127.0.0.1:" + port(server(exchange -> answer(exchange, 200, "here"))));
        assertThat(talk(port("outbound/plain"), get("/"))).endsWith("here");
    }

    @Test
    void aCertificateThatTakesLongToCheckHoldsUpNoOtherConnection() throws Exception {
        SlowTrust trust = new SlowTrust();
        tls = context(null, new TrustManager[] {trust});
        names.put("api.corp.example", List.of("127.0.0.1"));
        outbound("api", "url", "https://api.corp.example:" + https(false), "addresses", "127.0.0.0/8");
        try (Socket guest = port("outbound/api").connect()) {
            guest.getOutputStream().write(get("/").getBytes(StandardCharsets.US_ASCII));
            assertThat(trust.checking.await(8, TimeUnit.SECONDS)).isTrue();
            assertThatItsSessionIsServed();
            trust.over.countDown();
            assertThat(rest(guest.getInputStream())).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void aKeyStoreThatTakesLongToReadHoldsUpNoOtherConnection() throws Exception {
        reading = Optional.of(new CountDownLatch(1));
        tls = context(null, trust(server, "server"));
        names.put("api.corp.example", List.of("127.0.0.1"));
        outbound("api", "url", "https://api.corp.example:" + https(false), "addresses", "127.0.0.0/8");
        try (Socket guest = port("outbound/api").connect()) {
            guest.getOutputStream().write(get("/").getBytes(StandardCharsets.US_ASCII));
            assertThat(asked.await(8, TimeUnit.SECONDS)).isTrue();
            assertThatItsSessionIsServed();
            reading.get().countDown();
            assertThat(rest(guest.getInputStream())).startsWith("HTTP/1.1 200");
        }
    }

    @Override
    SSLContext context() {
        asked.countDown();
        reading.ifPresent(NamedOutboundTest::await);
        return super.context();
    }
}
