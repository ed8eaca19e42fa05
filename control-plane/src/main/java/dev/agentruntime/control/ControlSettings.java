package dev.agentruntime.control;

import dev.agentruntime.config.Attributes;
import dev.agentruntime.config.Effective;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * What the configuration says of the control API.
 *
 * @param directory     where uploaded artifacts are kept; a change needs a restart
 * @param folder        whose files may be named as artifacts
 * @param largest       of one artifact, in bytes
 * @param mostBytes     of all artifacts together
 * @param region        in the ARNs of this server's resources; a change needs a restart
 * @param account       in the ARNs of this server's resources; a change needs a restart
 * @param memoryBytes   of a guest whose runtime asks for no more
 */
record ControlSettings(Path directory, Path folder, long largest, long mostBytes, String region, String account, long memoryBytes) {

    private static final long MEBIBYTE = 1L << 20;
    private static final long TEBIBYTE = 1L << 40;
    private static final Pattern REGION = Pattern.compile("[a-z0-9-]{1,64}");
    private static final Pattern ACCOUNT = Pattern.compile("[0-9]{12}");

    /** Reads {@code <agentRuntimeControl>}. */
    static ControlSettings read(Attributes own) {
        return new ControlSettings(
                own.path("directory", Path.of("agent-runtime", "artifacts")),
                own.path("folder", Path.of("agents", "artifacts")),
                own.bytes("maxArtifactSize", 256 * MEBIBYTE, MEBIBYTE, TEBIBYTE),
                own.bytes("maxSize", 8192 * MEBIBYTE, MEBIBYTE, TEBIBYTE),
                fitting(own, "region", Arns.STANDARD_REGION, REGION, "letters a to z, digits and '-'"),
                fitting(own, "accountId", Arns.STANDARD_ACCOUNT, ACCOUNT, "twelve digits"),
                own.bytes("memory", 1024 * MEBIBYTE, 256 * MEBIBYTE, TEBIBYTE));
    }

    private static String fitting(Attributes own, String attribute, String otherwise, Pattern pattern, String must) {
        String text = own.text(attribute, otherwise);
        if (pattern.matcher(text).matches()) {
            return text;
        }
        own.problem("The attribute " + attribute + " of <agentRuntimeControl> is '" + text + "'. It must be " + must
                + ". The default of " + otherwise + " is used.");
        return otherwise;
    }

    Arns arns() {
        return new Arns(region, account);
    }

    /** In one line. */
    String text() {
        return new Effective().add("directory", directory).add("folder", folder).addBytes("maxArtifactSize", largest)
                .addBytes("maxSize", mostBytes).add("region", region).add("accountId", account).addBytes("memory", memoryBytes).text();
    }
}
