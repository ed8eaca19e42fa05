package dev.agentruntime.console;

/**
 * Somebody who has signed in, as the server's user registry knows them.
 *
 * @param name  theirs in the registry
 * @param admin whether they may see and end the sessions of all
 */
record Person(String name, boolean admin) {}
