package dev.agentruntime.libvirt;

import java.nio.file.Path;

/**
 * A template on disk.
 *
 * @param key       digest of everything it depends on
 * @param directory holds its files
 */
record Template(String key, Path directory) {

    /** The guest's memory, sparse. */
    Path ram() {
        return directory.resolve("ram");
    }

    /** The devices' and processors' state. */
    Path state() {
        return directory.resolve("state");
    }

    /** What was written, to be verified before use; its time of change is the time of last use. */
    Path properties() {
        return directory.resolve("template.properties");
    }
}
