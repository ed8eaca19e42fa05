package dev.agentruntime.agentctl;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Rows in columns, as wide as what is in them. */
final class Table {

    private final List<List<String>> rows = new ArrayList<>();

    Table(String... headings) {
        row(headings);
    }

    Table row(String... cells) {
        rows.add(Arrays.stream(cells).map(Text::plain).map(cell -> cell.isEmpty() ? "-" : cell).toList());
        return this;
    }

    void print(PrintStream out) {
        int columns = rows.get(0).size();
        int[] widths = new int[columns];
        rows.forEach(row -> {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], row.get(i).codePointCount(0, row.get(i).length()));
            }
        });
        rows.forEach(row -> {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                String cell = row.get(i);
                line.append(cell).append(i == columns - 1 ? "" : " ".repeat(widths[i] - cell.codePointCount(0, cell.length()) + 2));
            }
            out.println(line.toString().stripTrailing());
        });
    }
}
