/**
 * The benchmark's runner. {@link dev.agentruntime.benchmarks.Main} starts a server of its own, lets each {@code Benchmark}
 * measure it and writes what came out. Nothing here belongs to the product.
 */
package dev.agentruntime.benchmarks;
