/**
 * What a WAR needs of Jakarta EE and MicroProfile, and which files of Open Liberty provide it. Runs on the host, before a guest
 * gets the WAR. Knows the JDK only.
 */
package dev.agentruntime.features;
