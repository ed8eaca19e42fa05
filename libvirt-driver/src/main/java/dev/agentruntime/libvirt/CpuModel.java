package dev.agentruntime.libvirt;

import java.util.List;
import java.util.stream.Stream;

/**
 * The processor that guests see.
 *
 * @param name    {@code host} for the host's own, {@code max} for all that the emulator can do, else a model's name as libvirt
 *                knows it
 * @param without the features of it that are left out, as libvirt names them; {@code pmu} for the performance counters
 */
record CpuModel(String name, List<String> without) {

    /** All that the emulator can do. */
    static final CpuModel MAXIMUM = new CpuModel("max", List.of());

    private static final String HOST = "host";
    /** The performance counters, which libvirt counts among a VM's features and not among its processor's. */
    private static final String COUNTERS = "pmu";

    CpuModel {
        without = List.copyOf(without);
    }

    /** @param text a name, and features to leave out, such as {@code host,-arch-capabilities,-vmx} */
    static CpuModel parse(String text) {
        List<String> parts = Stream.of(text.split(",")).map(String::strip).toList();
        return new CpuModel(parts.get(0), parts.stream().skip(1).map(part -> part.replaceFirst("^-", "")).toList());
    }

    /** As {@link #parse} reads it. */
    String text() {
        return String.join(",-", Stream.concat(Stream.of(name), without.stream()).toList());
    }

    /** libvirt's {@code mode}. */
    String mode() {
        return switch (name) {
            case HOST -> "host-passthrough";
            case "max" -> "maximum";
            default -> "custom";
        };
    }

    /** Whether libvirt wants its name besides the mode. */
    boolean isNamed() {
        return mode().equals("custom");
    }

    boolean hasCounters() {
        return !without.contains(COUNTERS);
    }

    /** Features to leave out, but for the performance counters. */
    List<String> featuresWithout() {
        return without.stream().filter(feature -> !feature.equals(COUNTERS)).toList();
    }
}
