package dev.agentruntime.agentctl;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** A credential provider that is to be made. */
final class NewProvider extends GivenProvider {

    @Option(names = "--workload", paramLabel = "NAME", description = "A workload identity that may use it. May be given more than once; otherwise all may.")
    private List<String> workloads = new ArrayList<>();

    @Override
    Optional<List<String>> workloads() {
        return Optional.of(workloads).filter(names -> !names.isEmpty());
    }
}
