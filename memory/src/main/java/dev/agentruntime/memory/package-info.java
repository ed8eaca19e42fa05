/** What agents remember: memories, the events of conversations in them, and who may read and write whose. */
package dev.agentruntime.memory;
