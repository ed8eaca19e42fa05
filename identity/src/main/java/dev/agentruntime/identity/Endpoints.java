package dev.agentruntime.identity;

import java.net.URI;
import java.util.Optional;

/**
 * Where a provider is asked.
 *
 * @param authorization where its users consent; empty where it has no such place
 * @param token         where it issues tokens
 */
record Endpoints(String issuer, Optional<URI> authorization, URI token) {}
