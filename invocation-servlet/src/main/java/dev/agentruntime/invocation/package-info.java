/** The platform's HTTP front door in AgentCore's form. Nothing else in the server's part of the platform knows HTTP. */
package dev.agentruntime.invocation;
