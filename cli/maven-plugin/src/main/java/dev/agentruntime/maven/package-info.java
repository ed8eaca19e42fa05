/** Goals of Maven's, each a command of agentctl. */
package dev.agentruntime.maven;
