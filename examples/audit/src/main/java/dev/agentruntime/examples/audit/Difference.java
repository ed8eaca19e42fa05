package dev.agentruntime.examples.audit;

/**
 * A cell that holds something else than the image says.
 *
 * @param cell  its sheet and its name in it, as {@code Invoices!B7}
 * @param sheet what the workbook has; empty where it has no such cell
 * @param image what the image says
 */
public record Difference(String cell, String sheet, String image) {
}
