package dev.agentruntime.examples.support;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UploadsTest {

    @TempDir
    private Path folder;
    private Path sheet;
    private Path image;
    private final byte[] large = new byte[200_001];

    @BeforeEach
    void files() throws IOException {
        new Random(1).nextBytes(large);
        sheet = Files.write(folder.resolve("sheet.xlsx"), large);
        image = Files.writeString(folder.resolve("image.tar.png"), "small");
    }

    private static byte[] sent(Uploads uploads) throws Exception {
        CompletableFuture<byte[]> all = new CompletableFuture<>();
        uploads.body().subscribe(new Flow.Subscriber<ByteBuffer>() {
            private final java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();

            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                subscription.request(Long.MAX_VALUE);
            }

            @Override
            public void onNext(ByteBuffer buffer) {
                byte[] part = new byte[buffer.remaining()];
                buffer.get(part);
                bytes.writeBytes(part);
            }

            @Override
            public void onError(Throwable failure) {
                all.completeExceptionally(failure);
            }

            @Override
            public void onComplete() {
                all.complete(bytes.toByteArray());
            }
        });
        return all.get(20, TimeUnit.SECONDS);
    }

    @Test
    void aFormHasEachFileWholeUnderItsOwnName() throws Exception {
        Uploads form = Uploads.form(sheet, image);
        assertThat(form.contentType()).isEqualTo("multipart/form-data; boundary=limit");
        String text = new String(sent(form), StandardCharsets.ISO_8859_1);
        String head = "--limit\r\nContent-Disposition: form-data; name=\"sheet\"; filename=\"sheet.xlsx\"\r\nContent-Type: application/octet-stream\r\n\r\n";
        assertThat(text).startsWith(head).endsWith("name=\"image\"; filename=\"image.tar.png\"\r\nContent-Type: application/octet-stream\r\n\r\nsmall\r\n--limit--\r\n");
        assertThat(text.substring(head.length(), head.length() + large.length).getBytes(StandardCharsets.ISO_8859_1)).isEqualTo(large);
    }

    @Test
    void jsonHasEachFileInBase64AlsoWhereItIsNoMultipleOfThreeBytes() throws Exception {
        Uploads json = Uploads.json(sheet, image);
        assertThat(json.contentType()).isEqualTo("application/json");
        try (JsonReader reader = Json.createReader(new ByteArrayInputStream(sent(json)))) {
            JsonObject object = reader.readObject();
            assertThat(Base64.getDecoder().decode(object.getString("sheet"))).isEqualTo(large);
            assertThat(Base64.getDecoder().decode(object.getString("image"))).asString().isEqualTo("small");
            assertThat(object).hasSize(2);
        }
    }

    @Test
    void aBodyIsSentAgainAsItWasSentBefore() throws Exception {
        Uploads json = Uploads.json(image);
        assertThat(sent(json)).isEqualTo(sent(json)).asString().isEqualTo("{\"image\":\"c21hbGw=\"}");
    }
}
