package dev.agentruntime.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PayloadTest {

    @TempDir
    private Path folder;

    private static String read(InputStream in) throws IOException {
        try (in) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void eachIsReadAsOftenAsItIsAskedFor() throws IOException {
        Path file = Files.writeString(folder.resolve("a"), "grüß");
        for (Payload payload : List.of(Payload.of("grüß".getBytes(StandardCharsets.UTF_8)), Payload.of(file))) {
            assertThat(read(payload.open())).isEqualTo("grüß");
            assertThat(read(payload.open())).isEqualTo("grüß");
            assertThat(payload.length()).isEqualTo(6);
            assertThat(payload.isNone()).isFalse();
            assertThat(payload.publisher().contentLength()).isEqualTo(6);
        }
        assertThat(read(Payload.of(Json.createObjectBuilder().add("a", "ü").build()).open())).isEqualTo("{\"a\":\"ü\"}");
    }

    @Test
    void noneIsNoBodyAndAnEmptyOneIs() throws IOException {
        assertThat(Payload.none()).returns(true, Payload::isNone).returns(0L, Payload::length);
        assertThat(read(Payload.none().open())).isEmpty();
        assertThat(Payload.none().publisher().contentLength()).isZero();
        assertThat(Payload.of(new byte[0]).isNone()).isFalse();
    }

    @Test
    void progressIsToldOfWhatIsSentAndNotOfWhatASignatureReads() throws IOException {
        List<Long> told = new ArrayList<>();
        Payload payload = Payload.of(Files.write(folder.resolve("a"), new byte[1000]), told::add);
        read(payload.open());
        assertThat(told).isEmpty();
        try (InputStream sending = payload.sending()) {
            assertThat(sending.read(new byte[600])).isEqualTo(600);
            assertThat(sending.read(new byte[600])).isEqualTo(400);
            assertThat(sending.read(new byte[600])).isNegative();
        }
        assertThat(told).containsExactly(600L, 1000L, 1000L);
        read(payload.sending());
        assertThat(told).as("sent again it begins anew").endsWith(1000L).contains(600L);
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        Payload payload = Payload.of(folder.resolve("none"));
        assertThatThrownBy(payload::open).isInstanceOf(UncheckedIOException.class).hasMessageContaining("none cannot be read");
        assertThatThrownBy(payload::length).isInstanceOf(UncheckedIOException.class).hasMessageContaining("none cannot be read");
    }
}
