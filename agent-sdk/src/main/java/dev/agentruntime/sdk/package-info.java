/**
 * What the author of an agent compiles against. One dependency and one method with
 * {@link dev.agentruntime.sdk.AgentEntrypoint} make a WAR an agent: it then answers {@code POST /invocations} and
 * {@code GET /ping} on any Jakarta EE 10 server.
 */
package dev.agentruntime.sdk;
