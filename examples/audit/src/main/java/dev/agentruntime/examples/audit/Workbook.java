package dev.agentruntime.examples.audit;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Set;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.poi.UnsupportedFileFormatException;
import org.apache.poi.openxml4j.exceptions.OpenXML4JException;
import org.apache.poi.openxml4j.exceptions.OpenXML4JRuntimeException;
import org.apache.poi.openxml4j.opc.OPCPackage;
import org.apache.poi.openxml4j.opc.PackageAccess;
import org.apache.poi.openxml4j.util.ZipSecureFile;
import org.apache.poi.util.XMLHelper;
import org.apache.poi.xssf.eventusermodel.XSSFReader;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.XMLReader;

/** Reads a workbook sheet by sheet and cell by cell, by Apache POI's event model: nothing of it is kept but what is asked for. */
final class Workbook {

    private static final long LARGEST_PART_BYTES = 4L << 30;
    /** A part that is this much larger than its compressed form is an attack and no spreadsheet. */
    private static final double SMALLEST_RATIO = 0.01;
    private static final int MOST_PARTS = 1000;

    static {
        ZipSecureFile.setMaxEntrySize(LARGEST_PART_BYTES - 1);
        ZipSecureFile.setMinInflateRatio(SMALLEST_RATIO);
        ZipSecureFile.setMaxFileCount(MOST_PARTS);
    }

    private Workbook() {
    }

    /** Looks up these cells. Returns how many cells there are in all; puts the values of those that it finds into the map. */
    static long read(File file, Set<String> wanted, Map<String, BigDecimal> found) {
        long cells = 0;
        try (OPCPackage book = OPCPackage.open(file, PackageAccess.READ)) {
            XSSFReader.SheetIterator sheets = (XSSFReader.SheetIterator) new XSSFReader(book).getSheetsData();
            while (sheets.hasNext()) {
                try (InputStream sheet = sheets.next()) {
                    CellReader cellReader = new CellReader(sheets.getSheetName(), wanted, found);
                    // POI's own, which reads no DTD and nothing from outside
                    XMLReader xml = XMLHelper.newXMLReader();
                    xml.setContentHandler(cellReader);
                    xml.parse(new InputSource(sheet));
                    cells += cellReader.cells();
                }
            }
            return cells;
        } catch (OpenXML4JException | OpenXML4JRuntimeException | UnsupportedFileFormatException | IOException | SAXException
                | ParserConfigurationException e) {
            throw new UnreadableException("The sheet cannot be read as a workbook (.xlsx): " + e.getMessage(), e);
        }
    }
}
