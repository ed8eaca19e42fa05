package dev.agentruntime.client;

/**
 * A WAR that was uploaded.
 *
 * @param uri    that names it for good, in an agent runtime
 * @param digest {@code sha256:} and its digest
 */
public record Artifact(String uri, String digest) {}
