/** The command line {@code agentctl}: each command is a class of its own over the client library. */
package dev.agentruntime.agentctl;
