/** An agent that does what benchmarks ask of it. Without the SDK: two paths are all that a platform asks of an agent. */
package dev.agentruntime.benchmarks.agent;
