/**
 * Asks the agents how they are, and tells the server's operator how the platform is: the ping loop, MicroProfile Health
 * checks and MicroProfile Metrics. CDI beans without a public type; they come to life in the web application that carries
 * this jar in {@code WEB-INF/lib}.
 */
package dev.agentruntime.health;
