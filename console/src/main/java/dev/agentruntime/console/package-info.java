/** Pages for people: what runs here, since when, for whom and at what cost. Rendered on the server, without scripts. */
package dev.agentruntime.console;
