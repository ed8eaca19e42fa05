/** What sessions cost at the prices of the configuration, what was used by agent, caller and day, and budgets. */
package dev.agentruntime.accounting;
