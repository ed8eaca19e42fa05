package dev.agentruntime.features;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;

/** The index of a real image, with few of its files. */
final class TestIndex {
    private TestIndex() {
    }

    static FeatureIndex read() throws IOException {
        try {
            return FeatureIndex.read(Path.of(TestIndex.class.getResource("features.index").toURI()));
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
    }
}
