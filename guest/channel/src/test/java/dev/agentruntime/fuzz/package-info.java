/** A small fuzzer: inputs from a corpus, changed at random from a seed that is told on failure. */
package dev.agentruntime.fuzz;
