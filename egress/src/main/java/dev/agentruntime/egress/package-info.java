/**
 * What leaves a guest: outbounds by name, a forward proxy with an allow-list, limits and records. Each session has one event loop of
 * Netty's, on which all of its streams and connections live.
 */
package dev.agentruntime.egress;
