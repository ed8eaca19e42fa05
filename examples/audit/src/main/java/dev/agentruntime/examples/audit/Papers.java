package dev.agentruntime.examples.audit;

import dev.agentruntime.sdk.AgentDocument;

/**
 * What is compared.
 *
 * @param sheet a workbook (.xlsx)
 * @param image a PNG whose texts of the keyword {@code amount} say what cells should hold: {@code Invoices!B7=12.50}
 */
public record Papers(AgentDocument sheet, AgentDocument image) {
}
