package dev.agentruntime.examples.orders;

/**
 * What the database says.
 *
 * @param id      the number of the order just made; 0 where none was
 * @param ordered how many of the item, or of all items, have been ordered by everybody
 * @param backend the database's process that answered, which shows how connections are used again
 */
public record Receipt(long id, long ordered, int backend) {
}
