/** For whom agents act and with which credentials: workload identities, credential providers, the vault. */
package dev.agentruntime.identity;
