package dev.agentruntime.examples.library;

/** One book of the catalogue. */
public record Book(String isbn, String title, String author) {
}
