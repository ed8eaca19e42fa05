/** JUnit 5 extensions that run an agent in the test's own process, and in a VM of a server. */
package dev.agentruntime.testkit;
