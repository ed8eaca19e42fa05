package dev.agentruntime.client;

/**
 * A server-sent event.
 *
 * @param id    empty where it has none
 * @param event its kind, {@code message} where it names none
 * @param data  its lines, with a line break between them
 */
public record ServerEvent(String id, String event, String data) {}
