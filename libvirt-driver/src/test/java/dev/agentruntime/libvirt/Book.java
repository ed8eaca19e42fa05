package dev.agentruntime.libvirt;

import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.Id;

/** What the agent of {@link PlatformIT} keeps in its database: runs in the guest, so it uses nothing of this module. */
@Entity
public class Book {

    @Id
    @GeneratedValue
    private long id;
    private String title;

    public Book() {}

    public Book(String title) {
        this.title = title;
    }

    public String getTitle() {
        return title;
    }
}
