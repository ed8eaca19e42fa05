package dev.agentruntime.spi;

import dev.agentruntime.config.Attributes;
import dev.agentruntime.config.Effective;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What a driver needs to know of the server it works for.
 *
 * @param serverId       names this server among all that use the hypervisor; part of every VM's name, {@code [a-z0-9]{1,16}}
 * @param hypervisor     connection URI, or {@code auto} for the best one this process may use
 * @param acceleration   {@code auto} (probe), {@code kvm} or {@code tcg}
 * @param cpuModel       the processor that guests see under KVM: {@code auto}, or a model such as {@code host,-arch-capabilities}
 * @param imageDirectory holds {@code vmlinuz}, {@code initrd}, {@code rehearsal.war}, {@code features.index}, {@code features.zip} and
 *                       {@code image.properties} of the guest image
 * @param stateDirectory where templates are cached across restarts; the hypervisor's user must be able to reach it
 * @param memoryOvercommit how many times over the host's memory may be promised to VMs, at least 1
 * @param limits           what the process of one VM may take of the host
 */
public record DriverSettings(
        String serverId, String hypervisor, String acceleration, String cpuModel, Path imageDirectory, Path stateDirectory,
        int memoryOvercommit, VmLimits limits) {

    /**
     * A clone of a small agent holds about a tenth of what it was promised, so ten lets in what fits as long as agents stay
     * small; 1 keeps every promise.
     */
    public static final int USUAL_OVERCOMMIT = 10;

    private static final int LARGEST_OVERCOMMIT = 100;

    private static final Pattern CPU_MODEL = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*(,-[a-z0-9][a-z0-9._-]*)*");

    /** With the usual limits. */
    public DriverSettings(String serverId, String hypervisor, String acceleration, String cpuModel, Path imageDirectory, Path stateDirectory,
            int memoryOvercommit) {
        this(serverId, hypervisor, acceleration, cpuModel, imageDirectory, stateDirectory, memoryOvercommit, VmLimits.USUAL);
    }

    /** Reads the driver's attributes of {@code <agentRuntime>}. */
    public static DriverSettings read(Attributes own, String serverId) {
        return new DriverSettings(
                serverId,
                own.text("hypervisor", "auto"),
                own.oneOf("acceleration", "auto", List.of("auto", "kvm", "tcg")),
                cpuModel(own),
                own.path("image", Path.of("image")),
                own.path("stateDirectory", StateDirectory.standard()),
                own.whole("memoryOvercommit", USUAL_OVERCOMMIT, 1, LARGEST_OVERCOMMIT),
                VmLimits.read(own));
    }

    private static String cpuModel(Attributes own) {
        String model = own.text("cpuModel", "auto");
        if (CPU_MODEL.matcher(model).matches()) {
            return model;
        }
        own.problem("The attribute cpuModel of <agentRuntime> is '" + model + "'. It must be auto, or the name of a processor model and"
                + " the features to leave out, such as host,-arch-capabilities. The default of auto is used.");
        return "auto";
    }

    /** Adds these settings to the configuration in force. */
    public void describe(Effective effective) {
        effective.add("hypervisor", hypervisor).add("acceleration", acceleration).add("cpuModel", cpuModel)
                .add("image", imageDirectory).add("stateDirectory", stateDirectory).add("memoryOvercommit", memoryOvercommit);
        limits.describe(effective);
        effective.add("server id", serverId);
    }
}
