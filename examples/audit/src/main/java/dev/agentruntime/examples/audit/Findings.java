package dev.agentruntime.examples.audit;

import java.util.List;

/**
 * What the comparison found.
 *
 * @param cells       how many cells the workbook has
 * @param compared    how many cells the image has an amount for
 * @param differences those that differ, in the order of the image
 */
public record Findings(long cells, int compared, List<Difference> differences) {
}
