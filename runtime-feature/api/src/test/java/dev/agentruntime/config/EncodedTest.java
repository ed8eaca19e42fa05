package dev.agentruntime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EncodedTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "secret", "{", "{}", "{other}LDo8LTor", "a{xor}LDo8LTor", "{\"json\": true}", "{xor"})
    void anotherTextStandsForItself(String text) {
        assertThat(Encoded.decoded(text)).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{aes}hidden", "{aes-128}hidden", "{custom:mine}hidden", "{aes}hid\nden", "{xor}hidden!"})
    void whatCannotBeDecodedSaysSoAndNothingOfIt(String text) {
        assertThatThrownBy(() -> Encoded.decoded(text)).as("outside of Liberty there is nothing to decode it").isInstanceOf(IllegalArgumentException.class)
                .hasMessage("this server has nothing to decode " + text.substring(0, text.indexOf('}') + 1));
    }

    @Test
    void aKeyIsSpokenOfWhereThereIsOne() {
        assertThat(Encoded.problem("{aes}", new IllegalStateException())).isEqualTo("it cannot be decoded as {aes} (IllegalStateException). Encode it again"
                + " with this server's securityUtility and --key=KEY, and see that KEY is the value of the server's variable wlp.password.encryption.key");
        assertThat(Encoded.problem("{xor}", new IllegalStateException())).endsWith("with this server's securityUtility");
    }

    /** Without it the class is not found in Liberty, where each bundle sees only what it imports. */
    @Test
    void theBundleImportsWhatDecodes() throws IOException {
        assertThat(Files.readString(Path.of("pom.xml"))).contains("<Import-Package>com.ibm.websphere.crypto;resolution:=optional,*</Import-Package>");
    }
}
