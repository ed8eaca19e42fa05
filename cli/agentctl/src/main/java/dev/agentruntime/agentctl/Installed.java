package dev.agentruntime.agentctl;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What lies around agentctl where it is installed with the feature, or unpacked from a release. The start script says where. */
final class Installed {

    private Installed() {}

    private static Optional<Path> folder() {
        return Optional.ofNullable(System.getProperty("agentctl.folder")).map(Path::of);
    }

    static Optional<Path> featureIndex() {
        return folder().map(folder -> folder.resolve("image").resolve("features.index")).filter(Files::isReadable);
    }

    /** The guest image of the server that it is installed in. */
    static Optional<Path> image() {
        return folder().map(folder -> folder.resolve("image")).filter(image -> Files.exists(image.resolve("image.properties")));
    }
}
