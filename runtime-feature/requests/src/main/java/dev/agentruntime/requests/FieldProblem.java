package dev.agentruntime.requests;

/**
 * What is wrong with one field of a request.
 *
 * @param name    where it is, such as {@code lifecycleConfiguration.maxLifetime}
 * @param message what it must be
 */
public record FieldProblem(String name, String message) {}
