package dev.agentruntime.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What a VM consists of, read from the command line libvirt gave its QEMU, to build the same once more by hand.
 *
 * @param options   machine, accelerator, processor, memory and devices; their character devices and what boots are left out
 * @param kernelLine the kernel's command line
 */
record Hardware(String emulator, List<String> options, Path kernel, Path initrd, String kernelLine) {

    /** libvirt's names for what is behind the serial port and the channel. */
    static final String CONSOLE = "charserial0";
    static final String CHANNEL = "charchannel0";

    private static final Set<String> KEPT =
            Set.of("-accel", "-cpu", "-m", "-smp", "-device", "-display", "-no-user-config", "-nodefaults", "-rtc");

    static Hardware of(List<String> commandLine) {
        List<String> options = new ArrayList<>(List.of("-machine", machine(value(commandLine, "-machine"))));
        for (int i = 1; i < commandLine.size(); i++) {
            if (KEPT.contains(commandLine.get(i))) {
                options.add(commandLine.get(i));
                if (i + 1 < commandLine.size() && !commandLine.get(i + 1).startsWith("-")) {
                    options.add(commandLine.get(++i));
                }
            }
        }
        return new Hardware(commandLine.get(0), List.copyOf(options), Path.of(value(commandLine, "-kernel")),
                Path.of(value(commandLine, "-initrd")), value(commandLine, "-append"));
    }

    /** The same memory, but of no file and no object of its own. */
    private static String machine(String value) {
        return value.replaceAll(",memory-backend=[^,]*", "");
    }

    private static String value(List<String> commandLine, String option) {
        int at = commandLine.indexOf(option);
        if (at < 0 || at + 1 == commandLine.size()) {
            throw new BenchmarkException("The VM's command line lacks " + option + ": " + commandLine);
        }
        return commandLine.get(at + 1);
    }
}
