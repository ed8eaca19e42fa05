/** AgentCore's control API: agent runtimes, their versions, endpoints and tags, and uploaded artifacts. */
package dev.agentruntime.control;
