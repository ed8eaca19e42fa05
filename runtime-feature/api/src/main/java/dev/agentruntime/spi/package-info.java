/** What a hypervisor driver implements. The domain calls it; nothing here knows a hypervisor or a wire protocol. */
package dev.agentruntime.spi;

