package dev.agentruntime.tests;

import static dev.agentruntime.tests.AgentClient.alice;
import static dev.agentruntime.tests.AgentClient.newSession;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.examples.support.AuditPapers;
import dev.agentruntime.examples.support.Uploads;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.container.annotation.ArquillianTest;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * A hundred megabytes of documents in one call to a session, as a form, and what fits into a hundred megabytes of base64. Takes a few
 * minutes: {@code ./verify -Dlong}.
 */
@ArquillianTest
@RunAsClient
@EnabledIfSystemProperty(named = "long", matches = "true")
class AuditIT {

    private static final int ROWS = 520_000;
    private static final int ROWS_IN_BASE64 = 240_000;

    @TempDir
    static Path folder;

    @Deployment(testable = false)
    static WebArchive neighbour() {
        return Neighbours.war();
    }

    @Test
    void aHundredMegabytesAreComparedInAVmAndTheCellNamed() throws IOException {
        Path sheet = folder.resolve("sheet.xlsx");
        Path image = folder.resolve("image.png");
        AuditPapers.writeImage(image, List.of("Invoices!B7=" + AuditPapers.amount(7), "Invoices!B200000=0.01"), 40_000_000, 2);
        try (ExampleAgent audit = ExampleAgent.added("audit", "memory=\"2g\"", "")) {
            String session = newSession();
            AuditPapers.writeWorkbook(sheet, ROWS, 1);
            assertFound(session, Uploads.form(sheet, image), "form", ROWS);
            AuditPapers.writeWorkbook(sheet, ROWS_IN_BASE64, 1);
            assertFound(session, Uploads.json(sheet, image), "base64", ROWS_IN_BASE64);
        }
    }

    private static void assertFound(String session, Uploads documents, String form, int rows) {
        long begun = System.nanoTime();
        HttpResponse<String> answer = alice().upload("audit", session, documents.contentType(), documents.body());
        System.out.println("audit of " + rows + " rows as " + form + ": " + Duration.ofNanos(System.nanoTime() - begun).toMillis() + " ms");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).contains("\"cells\":" + 2 * rows).contains("\"cell\":\"Invoices!B200000\",\"image\":\"0.01\"");
    }
}
