package dev.agentruntime.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/** The host that the figures are from. */
final class Machine {

    private Machine() {}

    static Map<String, String> describe() {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("cpu", line("/proc/cpuinfo", "model name").replaceFirst(".*:\\s*", ""));
        facts.put("cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
        facts.put("memory", line("/proc/meminfo", "MemTotal").replaceFirst(".*:\\s*", ""));
        facts.put("kernel", text("/proc/sys/kernel/osrelease"));
        facts.put("qemu", command("qemu-system-x86_64", "--version"));
        facts.put("libvirt", command("libvirtd", "--version"));
        facts.put("java", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
        return facts;
    }

    /** Of the last 1, 5 and 15 minutes. */
    static String load() {
        String[] words = text("/proc/loadavg").split(" ");
        return words.length < 3 ? "unknown" : words[0] + " " + words[1] + " " + words[2];
    }

    /** A warning where something else kept the host busy when the run began; blank where nothing did. */
    static String busy(String loadBefore) {
        int cores = Runtime.getRuntime().availableProcessors();
        return loadBefore.matches("[0-9.]+ .*") && Double.parseDouble(loadBefore.split(" ")[0]) > cores / 4.0
                ? "The host was busy when this run began (load " + loadBefore + " on " + cores
                        + " cores): the times are longer than the product's own."
                : "";
    }

    private static String line(String file, String beginning) {
        try (Stream<String> lines = Files.lines(Path.of(file))) {
            return lines.filter(line -> line.startsWith(beginning)).findFirst().orElse("unknown");
        } catch (IOException e) {
            return "unknown";
        }
    }

    private static String text(String file) {
        try {
            return Files.readString(Path.of(file)).strip();
        } catch (IOException e) {
            return "unknown";
        }
    }

    private static String command(String... words) {
        ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
        builder.environment().merge("PATH", "/usr/sbin", (path, more) -> path + ":" + more);
        try {
            Process process = builder.start();
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().findFirst().orElse("unknown");
        } catch (IOException e) {
            return "unknown";
        }
    }
}
