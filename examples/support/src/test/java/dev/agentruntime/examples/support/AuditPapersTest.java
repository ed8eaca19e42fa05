package dev.agentruntime.examples.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipFile;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;

class AuditPapersTest {

    @TempDir
    private Path folder;

    @Test
    void aWorkbooksPartsAreXmlAndEachRowHasItsAmount() throws Exception {
        Path file = folder.resolve("sheet.xlsx");
        AuditPapers.writeWorkbook(file, 50, 1);
        try (ZipFile zip = new ZipFile(file.toFile())) {
            assertThat(zip.stream().map(entry -> entry.getName())).containsExactly("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml",
                    "xl/_rels/workbook.xml.rels", "xl/worksheets/sheet1.xml");
            for (var entry : zip.stream().toList()) {
                Document part = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(zip.getInputStream(entry));
                if (entry.getName().endsWith("sheet1.xml")) {
                    assertThat(part.getElementsByTagName("row").getLength()).isEqualTo(50);
                    assertThat(part.getElementsByTagName("v").item(49).getTextContent()).isEqualTo(AuditPapers.amount(50));
                    assertThat(part.getElementsByTagName("t").item(0).getTextContent()).hasSize(120);
                }
            }
        }
    }

    @Test
    void amountsHaveTwoDigitsAfterThePoint() {
        assertThat(AuditPapers.amount(1)).isEqualTo("7919.31");
        assertThat(AuditPapers.amount(100)).isEqualTo("91900.00");
        assertThat(AuditPapers.amount(520_000)).matches("\\d+\\.\\d{2}");
    }

    @Test
    void thePictureCanBeReadAndHasItsTextsInOrder() throws IOException {
        Path file = folder.resolve("image.png");
        AuditPapers.writeImage(file, List.of("Invoices!B1=7919.31", "Invoices!B2=0.01"), 500_000, 1);
        BufferedImage image = ImageIO.read(file.toFile());
        assertThat(image.getWidth()).isEqualTo(4096);
        assertThat(image.getHeight()).isEqualTo(40);
        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1)).containsSubsequence("tEXtamount\0Invoices!B1=7919.31", "tEXtamount\0Invoices!B2=0.01", "IDAT", "IEND");
        assertThat(Files.size(file)).isBetween(480_000L, 520_000L);
    }

    @Test
    void theSameSeedMakesTheSamePapers() throws IOException {
        for (String name : new String[] {"a", "b"}) {
            AuditPapers.writeImage(folder.resolve(name), List.of(), 20_000, 7);
        }
        assertThat(folder.resolve("a")).hasSameBinaryContentAs(folder.resolve("b"));
        AuditPapers.writeImage(folder.resolve("c"), List.of(), 20_000, 8);
        assertThat(Files.mismatch(folder.resolve("a"), folder.resolve("c"))).isNotNegative();
    }
}
