/** What agents print and log: read from guests as it is written, kept on disk for a while, shown to callers, passed on to the host's log. */
package dev.agentruntime.logs;
