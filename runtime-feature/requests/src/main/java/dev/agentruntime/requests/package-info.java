/**
 * How a room that serves AgentCore's operations takes requests apart and checks them, by facts of the service's model. Rooms bring
 * the facts as resources of their own.
 */
package dev.agentruntime.requests;
