package dev.agentruntime.libvirt;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Named;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.util.List;
import org.eclipse.microprofile.faulttolerance.Retry;

/** The bean of the agent of {@link PlatformIT}, for its servlet and its pages. */
@Named
@RequestScoped
public class Shelf {

    @PersistenceContext
    private EntityManager books;
    private int tries;

    /** Works at the second try only. */
    @Retry
    @Transactional
    public void add(String title) {
        if (tries++ == 0) {
            throw new IllegalStateException("not yet");
        }
        books.persist(new Book(title));
    }

    public List<String> getTitles() {
        return books.createQuery("select b.title from Book b order by b.id", String.class).getResultList();
    }
}
