/**
 * What runs inside a guest: the supervisor, which is the guest's first Java process and serves the channel, and the
 * hygiene agent, which it sets into the Open Liberty process to make it a different one from its siblings after a clone.
 */
package dev.agentruntime.supervisor;
