/**
 * How a room reads its own element of server.xml: {@link dev.agentruntime.config.Attributes} reads, and collects what is wrong;
 * {@link dev.agentruntime.config.Effective} tells what is in force.
 */
package dev.agentruntime.config;
