/** The HTTP client of both sides: the runner's on the host and the agent's own inside its VM. */
package dev.agentruntime.benchmarks.wire;
