package dev.agentruntime.agentctl;

import java.util.Arrays;
import java.util.stream.Collectors;

/** A line of comma-separated values (RFC 4180). */
final class Csv {

    private Csv() {}

    static String line(String... cells) {
        return Arrays.stream(cells).map(Csv::cell).collect(Collectors.joining(","));
    }

    /** What a spreadsheet would take for a formula begins with a quote. */
    private static String cell(String cell) {
        String harmless = !cell.isEmpty() && "=+-@\t\r".indexOf(cell.charAt(0)) >= 0 && !cell.matches("-?[0-9.]+") ? "'" + cell : cell;
        return harmless.matches("[^,\"\\r\\n]*") ? harmless : "\"" + harmless.replace("\"", "\"\"") + "\"";
    }
}
