package dev.agentruntime.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrustTest {

    @TempDir
    private Path folder;

    @Test
    void aServerIsTrustedForItsCertificateAndNotWithoutIt() throws Exception {
        try (ScriptedServer server = ScriptedServer.secure(folder)) {
            server.on("GET /runtimes", 200, "{\"runtimes\":[]}");
            assertThat(AgentRuntimeClient.at(server.endpoint()).trust(Trust.of(folder.resolve("trusted.pem"))).build().runtimes()).isEmpty();
            assertThatThrownBy(() -> AgentRuntimeClient.at(server.endpoint()).build().runtimes()).isInstanceOf(UnreachableException.class)
                    .hasMessageContaining("TLS with the server").hasMessageContaining("name that as what to trust");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "", "text", "pem"})
    void whatIsNoCertificateIsNamed(String name) throws Exception {
        Files.writeString(folder.resolve("text"), "text");
        Files.writeString(folder.resolve("pem"), "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        assertThatThrownBy(() -> Trust.of(folder.resolve(name))).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("The certificates in " + folder.resolve(name)).hasMessageContaining("PKCS#12");
    }
}
