package dev.agentruntime.inbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.api.BodyRefusedException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrailerChecksumTest {

    private static final byte[] BODY = "123456789".getBytes(StandardCharsets.US_ASCII);
    private static final String CRC32 = "x-amz-checksum-crc32";

    private static TrailerChecksum of(String name, byte[] body) {
        TrailerChecksum checksum = TrailerChecksum.announced(Optional.of(name)).orElseThrow();
        for (byte one : body) {
            checksum.add(new byte[] {0, one, 0}, 1, 1);
        }
        return checksum;
    }

    @ParameterizedTest
    @CsvSource({"x-amz-checksum-crc32, y/Q5Jg==", "x-amz-checksum-crc32c, 4waSgw==", "x-amz-checksum-crc64nvme, rosUhgp5mIg=",
        "x-amz-checksum-sha1, 98O8HYCOBHMq32eZZczDTKeuNEE=", "x-amz-checksum-sha256, FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU="})
    void itIsWhatThePublishedCheckValuesSay(String name, String value) {
        TrailerChecksum same = of(name, BODY);
        assertThatCode(() -> {
            same.check(name, value);
            same.end();
        }).doesNotThrowAnyException();
    }

    @Test
    void anotherOneIsTheCallersFault() {
        assertThatThrownBy(() -> of(CRC32, BODY).check(CRC32, "y/Q5Jw==")).isInstanceOfSatisfying(BodyRefusedException.class, refused -> {
            assertThat(refused.refusal().status()).isEqualTo(400);
            assertThat(refused.refusal().type()).isEqualTo("ValidationException");
            assertThat(refused.refusal().message()).contains(CRC32);
        });
        assertThatThrownBy(() -> of(CRC32, BODY).check(CRC32, "no base64")).isInstanceOf(BodyRefusedException.class);
    }

    @Test
    void whatWasAnnouncedHasToCome() {
        assertThatThrownBy(() -> of(CRC32, BODY).end()).isInstanceOf(BodyRefusedException.class).hasMessageContaining("has no " + CRC32);
        assertThatThrownBy(() -> of(CRC32, BODY).check("x-amz-checksum-sha1", "")).isInstanceOf(BodyRefusedException.class)
                .hasMessageContaining("and not " + CRC32);
    }

    @Test
    void aTrailerWithoutAChecksumNeedsNone() {
        assertThat(TrailerChecksum.announced(Optional.empty())).isEmpty();
        assertThat(TrailerChecksum.announced(Optional.of("x-amz-meta-other"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"x-amz-checksum-md5", "x-amz-checksum-", "x-amz-checksum-crc32, x-amz-checksum-sha1"})
    void oneThatIsNotKnownIsRefusedBeforeTheBodyIsRead(String name) {
        assertThatThrownBy(() -> TrailerChecksum.announced(Optional.of(name))).isInstanceOfSatisfying(DeniedException.class,
                denied -> assertThat(denied.refusal().message()).contains("x-amz-checksum-crc64nvme"));
    }
}
