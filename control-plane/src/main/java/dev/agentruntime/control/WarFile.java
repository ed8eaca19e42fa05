package dev.agentruntime.control;

import dev.agentruntime.spi.ZipList;
import java.io.IOException;
import java.nio.file.Path;
import java.util.zip.ZipFile;

/** Tells whether a file is a WAR that can be read. */
final class WarFile {

    private WarFile() {}

    /** @throws ControlException it is none */
    static void check(Path file) {
        try {
            if (ZipList.isTooLong(file)) {
                throw ControlException.invalid("body", "must be a WAR whose list of files has " + ZipList.MOST_BYTES + " bytes at most");
            }
            try (ZipFile zip = new ZipFile(file.toFile())) {
                if (zip.size() == 0) {
                    throw ControlException.invalid("body", "must be a WAR with files in it");
                }
            }
        } catch (IOException e) {
            throw ControlException.invalid("body", "must be a WAR, and cannot be read as one: " + e.getMessage());
        }
    }
}
