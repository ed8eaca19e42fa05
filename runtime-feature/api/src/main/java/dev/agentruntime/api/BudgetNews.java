package dev.agentruntime.api;

/**
 * A budget is nearly used up, or is.
 *
 * @param per     whose it is
 * @param measure what it bounds
 * @param level   how far it is
 * @param text    the same in a sentence, with its figures
 */
public record BudgetNews(Per per, Measure measure, Level level, String text) {

    /** Whose a budget is. */
    public enum Per { SESSION, AGENT, SUBJECT }

    /** What a budget bounds. */
    public enum Measure { CPU, WALL_TIME, MEMORY, COST }

    /** How far a budget is used up. */
    public enum Level {
        /** Four fifths of it are. */
        WARNED,
        /** All of it is. */
        REACHED
    }
}
