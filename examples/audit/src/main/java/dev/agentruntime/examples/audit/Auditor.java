package dev.agentruntime.examples.audit;

import dev.agentruntime.sdk.AgentEntrypoint;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Compares a workbook with an image that says what some of its cells should hold. */
public class Auditor {

    @AgentEntrypoint
    public Findings invoke(Papers papers) throws IOException {
        if (papers.sheet() == null || papers.image() == null) {
            throw new IllegalArgumentException("sheet and image are needed: a form with two files of these names, or JSON with their base64");
        }
        Map<String, BigDecimal> expected;
        try (InputStream image = papers.image().open()) {
            expected = PngAmounts.of(image);
        }
        Map<String, BigDecimal> found = new HashMap<>();
        long cells = Workbook.read(papers.sheet().file().toFile(), expected.keySet(), found);
        List<Difference> differences = expected.entrySet().stream()
                .filter(amount -> !found.containsKey(amount.getKey()) || found.get(amount.getKey()).compareTo(amount.getValue()) != 0)
                .map(amount -> new Difference(amount.getKey(),
                        found.containsKey(amount.getKey()) ? found.get(amount.getKey()).toPlainString() : "", amount.getValue().toPlainString()))
                .toList();
        return new Findings(cells, expected.size(), differences);
    }
}
