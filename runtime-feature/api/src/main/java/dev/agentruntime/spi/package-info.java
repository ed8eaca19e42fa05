/**
 * What a hypervisor driver implements, and a room that takes part in sessions. The domain calls it; nothing here knows a hypervisor
 * or a wire protocol.
 */
package dev.agentruntime.spi;

