package dev.agentruntime.examples.liberty;

import static dev.agentruntime.examples.liberty.OnLiberty.liberty;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.examples.support.AuditPapers;
import dev.agentruntime.examples.support.Uploads;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The server's heap is a few hundred megabytes, of which the WARs take the most. */
@EnabledIfSystemProperty(named = "liberty.home", matches = "/.+")
@ExtendWith(OnLiberty.class)
class AuditIT {

    private static final String DIFFERENCES =
            "[{\"cell\":\"Invoices!B400000\",\"image\":\"0.01\",\"sheet\":\"" + AuditPapers.amount(400_000) + "\"}]";

    @TempDir
    static Path folder;

    @BeforeAll
    static void write() throws IOException {
        AuditPapers.writeWorkbook(folder.resolve("sheet.xlsx"), 520_000, 1);
        AuditPapers.writeImage(folder.resolve("image.png"),
                List.of("Invoices!B7=" + AuditPapers.amount(7), "Invoices!B400000=0.01"), 40_000_000, 2);
        assertThat(Files.size(folder.resolve("sheet.xlsx"))).isBetween(55_000_000L, 75_000_000L);
        assertThat(Files.size(folder.resolve("image.png"))).isGreaterThan(39_000_000L);
    }

    @Test
    void aHundredMegabytesInAFormAreComparedAndTheCellNamed() {
        Uploads form = Uploads.form(folder.resolve("sheet.xlsx"), folder.resolve("image.png"));
        assertFound(liberty().invoke("audit", form.contentType(), form.body(), BodyHandlers.ofString()));
    }

    @Test
    void aHundredMegabytesInBase64AreComparedAndTheCellNamed() {
        Uploads json = Uploads.json(folder.resolve("sheet.xlsx"), folder.resolve("image.png"));
        assertFound(liberty().invoke("audit", json.contentType(), json.body(), BodyHandlers.ofString()));
    }

    private static void assertFound(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body() + liberty().log()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{\"cells\":1040000,\"compared\":2,\"differences\":" + DIFFERENCES + "}");
    }
}
