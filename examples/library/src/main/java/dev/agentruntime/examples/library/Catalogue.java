package dev.agentruntime.examples.library;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Locale;

/** The books there are. */
@ApplicationScoped
public class Catalogue {

    private final List<Book> books = List.of(
            new Book("978-0141439471", "Frankenstein", "Mary Shelley"),
            new Book("978-0486284712", "The Invisible Man", "H. G. Wells"),
            new Book("978-0199537150", "Northanger Abbey", "Jane Austen"));

    /** Those with the word in title or author, in any case. */
    public List<Book> find(String word) {
        String wanted = word.toLowerCase(Locale.ROOT);
        return books.stream()
                .filter(book -> (book.title() + " " + book.author()).toLowerCase(Locale.ROOT).contains(wanted))
                .toList();
    }
}
