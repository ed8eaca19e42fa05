package dev.agentruntime.control;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a {@code containerUri} names. */
sealed interface ArtifactUri {

    /** An artifact that was uploaded. */
    record Uploaded(String name, String digest) implements ArtifactUri {
        /** As the upload was answered. */
        String text() {
            return "artifact:" + name + "@sha256:" + digest;
        }
    }

    /** A file below the configured folder. */
    record InFolder(String path) implements ArtifactUri {}

    Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");
    Pattern UPLOADED = Pattern.compile("artifact:(" + NAME + ")@sha256:([0-9a-f]{64})");
    String FILE = "file:";
    String FIELD = "agentRuntimeArtifact.containerConfiguration.containerUri";

    /** @throws ControlException it is neither, with what to use instead */
    static ArtifactUri parse(String uri) {
        Matcher uploaded = UPLOADED.matcher(uri);
        if (uploaded.matches()) {
            return new Uploaded(uploaded.group(1), uploaded.group(2));
        }
        if (uri.startsWith(FILE)) {
            return new InFolder(uri.substring(FILE.length()));
        }
        throw ControlException.invalid(FIELD, hint(uri).orElse("must be") + " the uri that PUT /artifacts/{name} has returned for a WAR, or"
                + " file: and the path of a WAR below the folder of <agentRuntimeControl>");
    }

    private static Optional<String> hint(String uri) {
        if (uri.contains(".dkr.ecr.") || uri.startsWith("public.ecr.aws/")) {
            return Optional.of("names a container image, which this server does not run. Use");
        }
        return uri.startsWith("s3:") || uri.contains(".s3.") ? Optional.of("is in S3, which this server does not read. Use") : Optional.empty();
    }
}
