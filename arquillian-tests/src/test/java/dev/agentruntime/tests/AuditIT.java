package dev.agentruntime.tests;

import static dev.agentruntime.tests.AgentClient.admin;
import static dev.agentruntime.tests.AgentClient.alice;
import static dev.agentruntime.tests.AgentClient.newSession;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.examples.support.AuditPapers;
import dev.agentruntime.examples.support.Uploads;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.container.annotation.ArquillianTest;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * A hundred megabytes of documents in one call to a session, as a form, and what fits into a hundred megabytes of base64; beside it the
 * same call from within the guest. Takes a few minutes: {@code ./verify -Dlong}.
 */
@ArquillianTest
@RunAsClient
@EnabledIfSystemProperty(named = "long", matches = "true")
class AuditIT {

    private static final int ROWS = 520_000;
    private static final int ROWS_IN_BASE64 = 240_000;
    private static final long IMAGE_BYTES = 40_000_000;
    private static final Pattern USED_HEAP = Pattern.compile("(?m)^memory_usedHeap_bytes(?:\\{[^}]*})? ([0-9.E]+)");
    private static final long MIB = 1 << 20;

    @TempDir
    static Path folder;

    @Deployment(testable = false)
    static WebArchive neighbour() {
        return Neighbours.war();
    }

    @Test
    void aHundredMegabytesAreComparedInAVmAndTheCellNamedAndTheHostsHeapStaysAsItIs() throws IOException {
        Path sheet = folder.resolve("sheet.xlsx");
        Path image = folder.resolve("image.png");
        AuditPapers.writeImage(image, InnerAudit.AMOUNTS, IMAGE_BYTES, InnerAudit.SEED);
        try (ExampleAgent audit = ExampleAgent.added("audit", withInnerAudit(), "memory=\"2g\"", "")) {
            String session = newSession();
            AuditPapers.writeWorkbook(sheet, ROWS, InnerAudit.SEED);
            System.out.println("audit: " + Files.size(sheet) / 1_000_000 + " MB and " + Files.size(image) / 1_000_000 + " MB");
            // The first call loads the classes; the second compares with the inner one.
            assertFound(session, Uploads.form(sheet, image), "form", ROWS);
            assertFound(session, Uploads.form(sheet, image), "form", ROWS);
            long atRest = liveHeap();
            long during = mostLiveHeapWhile(() -> assertFound(session, Uploads.form(sheet, image), "form, with garbage collections", ROWS));
            System.out.println("audit: live heap of the host: " + atRest / MIB + " MiB at rest, at most " + during / MIB + " MiB during the call");
            assertThat(during - atRest).as("bytes more than at rest").isLessThan(16 * MIB);

            System.out.println("audit: within the guest: " + audit.answer(session, "{\"inner\": " + ROWS + "}"));
            AuditPapers.writeWorkbook(sheet, ROWS_IN_BASE64, InnerAudit.SEED);
            assertFound(session, Uploads.json(sheet, image), "base64", ROWS_IN_BASE64);
            audit.tellFigures(session);
        }
    }

    private static void assertFound(String session, Uploads documents, String form, int rows) {
        long begun = System.nanoTime();
        HttpResponse<String> answer = alice().upload("audit", session, documents.contentType(), documents.body());
        System.out.println("audit: " + rows + " rows as " + form + ": " + Duration.ofNanos(System.nanoTime() - begun).toMillis() + " ms");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).contains("\"cells\":" + 2 * rows).contains("\"cell\":\"Invoices!B200000\",\"image\":\"0.01\"");
    }

    /** The example with a filter in it that calls it from within. */
    private static Path withInnerAudit() {
        Path war = folder.resolve("audit.war");
        ShrinkWrap.createFromZipFile(WebArchive.class, ExampleAgent.war("audit").toFile())
                .addClasses(InnerAudit.class, AuditPapers.class, Uploads.class)
                .as(ZipExporter.class).exportTo(war.toFile(), true);
        return war;
    }

    private static long mostLiveHeapWhile(Runnable deed) {
        CompletableFuture<Void> done = CompletableFuture.runAsync(deed);
        long most = 0;
        while (!done.isDone()) {
            most = Math.max(most, liveHeap());
        }
        done.join();
        return most;
    }

    /** What the server's heap holds right after a garbage collection, in bytes. */
    private static long liveHeap() {
        Host.collectGarbage();
        Matcher gauge = USED_HEAP.matcher(admin().get("/metrics?scope=base").body());
        assertThat(gauge.find()).as("memory_usedHeap_bytes in /metrics").isTrue();
        return (long) Double.parseDouble(gauge.group(1));
    }
}
