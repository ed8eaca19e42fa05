/** How far addresses and the hosts that have them reach, for whatever the platform connects to on behalf of others. */
package dev.agentruntime.net;
