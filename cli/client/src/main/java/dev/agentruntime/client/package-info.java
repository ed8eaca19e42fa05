/**
 * The server's HTTP API for Java programs: {@link dev.agentruntime.client.AgentRuntimeClient} invokes agents and looks at sessions,
 * {@link dev.agentruntime.client.ControlClient} makes agent runtimes. On the JDK's {@code HttpClient}, over HTTP/1.1.
 *
 * <p>Every call blocks, and ends within a time that is bounded. What goes wrong is an {@link dev.agentruntime.client.AgentRuntimeException}.
 */
package dev.agentruntime.client;
