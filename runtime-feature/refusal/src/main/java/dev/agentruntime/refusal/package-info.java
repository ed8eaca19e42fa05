/** Says why a server has no agents: its features are older than Jakarta EE 10. Liberty takes this bundle instead of the platform. */
package dev.agentruntime.refusal;
