package dev.agentruntime.libvirt;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** The memory of a guest that stands still, seen from outside. Not thread-safe. */
interface GuestMemory extends AutoCloseable {

    int PAGE = 4096;

    /** The most bytes that are passed on at once, whole pages. */
    int MOST_AT_ONCE = 64 * PAGE;

    /** Takes pages that follow each other. */
    interface Sink {
        void pages(long offset, ByteBuffer bytes) throws IOException;
    }

    /** How a process's view of a template is opened. */
    interface Opener {
        GuestMemory open(QemuProcess process, Path template) throws IOException;
    }

    /** Passes on the pages that differ from the template, in the order of their offsets. */
    void changed(Sink sink) throws IOException;

    /** Writes whole pages; the template stays as it is. */
    void write(long offset, ByteBuffer pages) throws IOException;

    @Override
    void close() throws IOException;
}
