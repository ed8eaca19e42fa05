package dev.agentruntime.agentctl;

import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/** Which agentctl this is. */
final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() {
        return new String[] {"agentctl " + own()};
    }

    static String own() {
        return Optional.ofNullable(Version.class.getPackage().getImplementationVersion()).orElse("0.1.0");
    }
}
