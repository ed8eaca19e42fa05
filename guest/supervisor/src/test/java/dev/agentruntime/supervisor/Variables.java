package dev.agentruntime.supervisor;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A process of its own: sets environments, one for each argument ("A=1;B=2"), and after each prints what the variables A, B and HOME
 * are to System.getenv, to the map of all, and to a child process.
 */
final class Variables {
    private Variables() {
    }

    public static void main(String[] args) throws Exception {
        SessionEnvironment environment = new SessionEnvironment(new CLibrary());
        show();
        for (String arg : args) {
            environment.replace(SessionEnvironment.parse((arg.isEmpty() ? "" : arg.replace(';', '\0') + "\0").getBytes(StandardCharsets.UTF_8)));
            show();
        }
    }

    private static void show() throws Exception {
        for (String name : List.of("A", "B", "HOME")) {
            List<String> seen = new ArrayList<>();
            seen.add(String.valueOf(System.getenv(name)));
            seen.add(String.valueOf(Map.copyOf(System.getenv()).get(name)));
            seen.add(child(name));
            System.out.println(name + " " + seen);
        }
    }

    private static String child(String name) throws Exception {
        Process process = new ProcessBuilder("/bin/sh", "-c", "if [ -z \"${" + name + "+x}\" ]; then printf null; else printf %s \"$" + name + "\"; fi").start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor(10, TimeUnit.SECONDS);
        return said;
    }
}
