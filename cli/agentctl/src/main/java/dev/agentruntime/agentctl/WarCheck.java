package dev.agentruntime.agentctl;

import dev.agentruntime.features.FeatureIndex;
import dev.agentruntime.features.Provision;
import dev.agentruntime.features.UnsuitableException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Looks at a WAR as a server would, before it is deployed. */
final class WarCheck {

    /** maxArtifactSize of a server of which nobody has said another. */
    private static final long USUAL_MOST = 256L << 20;
    /** What a guest of 1 GiB has for the WAR and, a second time, for its libraries. */
    private static final long ROOM = 270L << 20;
    private static final int MOST_ENTRIES = 200_000;
    private static final int MOST_CLASS = 4 << 20;
    private static final String CLASSES = "WEB-INF/classes/";
    private static final String LIBRARIES = "WEB-INF/lib/";

    private final Path war;
    private final List<Finding> findings = new ArrayList<>();
    private final List<String> entrypoints = new ArrayList<>();
    private boolean invocations;
    private boolean ping;
    private boolean sdk;
    private boolean platform;
    private boolean webInf;
    private long libraries;

    private WarCheck(Path war) {
        this.war = war;
    }

    /** @param index what a guest image has; empty where there is none to look at */
    static List<Finding> of(Path war, Optional<Path> index) {
        WarCheck check = new WarCheck(war);
        try (ZipFile zip = new ZipFile(war.toFile())) {
            check.look(zip);
        } catch (IOException e) {
            return List.of(Finding.wrong("file", war + " is no WAR: " + e.getMessage(), "Build it again: mvn package."));
        }
        if (check.findings.stream().noneMatch(finding -> finding.level() == Finding.Level.WRONG)) {
            check.entrypoint();
            check.size();
            check.needs(index);
        }
        return check.findings;
    }

    private void look(ZipFile zip) throws IOException {
        if (zip.size() > MOST_ENTRIES) {
            findings.add(Finding.wrong("file", "it has " + zip.size() + " files", "Leave out what is no part of the application."));
            return;
        }
        for (Enumeration<? extends ZipEntry> entries = zip.entries(); entries.hasMoreElements();) {
            ZipEntry entry = entries.nextElement();
            String name = entry.getName();
            webInf |= name.startsWith("WEB-INF/");
            if (name.startsWith(CLASSES) && name.endsWith(".class")) {
                look(name.substring(CLASSES.length(), name.length() - ".class".length()).replace('/', '.'), constants(zip, entry));
            } else if (name.startsWith(LIBRARIES) && name.endsWith(".jar")) {
                libraries += Math.max(0, entry.getSize());
                String library = name.substring(LIBRARIES.length());
                sdk |= library.matches("agent-sdk-[0-9].*\\.jar");
                platform |= library.matches("(jakarta\\.jakartaee-(web-|core-)?api|javaee-(web-)?api|microprofile)-[0-9].*\\.jar");
            } else if (name.equals("WEB-INF/web.xml")) {
                look("web.xml", constants(zip, entry));
            }
        }
        if (!webInf) {
            findings.add(Finding.wrong("file", "it has no WEB-INF, so it is no WAR", "Have <packaging>war</packaging> in its pom.xml."));
        }
    }

    /** As text in which names are found: the strings of a class file stand in it as they are. */
    private static String constants(ZipFile zip, ZipEntry entry) throws IOException {
        try (InputStream in = zip.getInputStream(entry)) {
            return new String(in.readNBytes(MOST_CLASS), StandardCharsets.ISO_8859_1);
        }
    }

    private void look(String name, String constants) {
        if (constants.contains("Ldev/agentruntime/sdk/AgentEntrypoint;")) {
            entrypoints.add(name);
        }
        invocations |= constants.contains("invocations");
        ping |= constants.contains("ping");
    }

    private void entrypoint() {
        if (entrypoints.size() > 1) {
            findings.add(Finding.wrong("entrypoint", "there are " + entrypoints.size() + " with @AgentEntrypoint: " + String.join(", ", entrypoints),
                    "A WAR has one. Take the annotation off the others."));
        } else if (entrypoints.size() == 1 && !sdk) {
            findings.add(Finding.wrong("entrypoint", entrypoints.get(0) + " has @AgentEntrypoint, and WEB-INF/lib has no agent-sdk",
                    "Leave the scope of the dependency agent-sdk as it is by default: compile."));
        } else if (entrypoints.size() == 1) {
            findings.add(Finding.ok("entrypoint", entrypoints.get(0)));
        } else if (sdk) {
            findings.add(Finding.wrong("entrypoint", "the Agent SDK is in the WAR, and no class of its own has @AgentEntrypoint",
                    "Put @AgentEntrypoint on the public method that answers. Where that is in a library, this does not see it."));
        } else if (invocations && ping) {
            findings.add(Finding.ok("entrypoint", "the WAR serves /invocations and /ping itself, it seems"));
        } else {
            findings.add(Finding.remark("entrypoint", "no class of the WAR's own names " + (invocations ? "ping" : "invocations"),
                    "An agent answers POST /invocations and GET /ping; the Agent SDK does by itself. Other paths are named by invocationsPath and pingPath of <agent>."));
        }
        if (platform) {
            findings.add(Finding.remark("libraries", "the API of the platform is in WEB-INF/lib", "Give that dependency the scope provided: every guest has it."));
        }
    }

    private void size() {
        long bytes;
        try {
            bytes = Files.size(war);
        } catch (IOException e) {
            findings.add(Finding.wrong("size", "cannot be read: " + e.getMessage(), "Build it again."));
            return;
        }
        if (bytes > USUAL_MOST) {
            findings.add(Finding.wrong("size", Text.bytes(bytes), "A server takes 256 MiB unless its maxArtifactSize of <agentRuntimeControl> is higher."));
        } else if (bytes + libraries > ROOM) {
            findings.add(Finding.remark("size", Text.bytes(bytes) + ", and " + Text.bytes(libraries) + " of libraries, which lie there a second time",
                    "A guest of 1 GiB has 270 MiB for both: deploy it with --memory 2048."));
        } else {
            findings.add(Finding.ok("size", Text.bytes(bytes)));
        }
    }

    private void needs(Optional<Path> index) {
        if (index.isEmpty()) {
            findings.add(Finding.remark("features", "not looked at: there is no guest image here to compare with",
                    "Name its folder with --image; on a server it is wlp/usr/extension/agent/image."));
            return;
        }
        try {
            Provision provision = Provision.of(FeatureIndex.read(index.get()), war, List.of(), Optional.empty(), false);
            findings.add(Finding.ok("features", provision.features().isEmpty() ? "what every guest has is enough" : "guests get " + provision.reasons()));
            provision.warnings().forEach(warning -> findings.add(Finding.remark("platform", warning, "")));
        } catch (UnsuitableException unsuitable) {
            findings.add(Finding.wrong("platform", unsuitable.getMessage(), ""));
        } catch (IOException e) {
            findings.add(Finding.wrong("features", "cannot be found out: " + e.getMessage(), "Is " + index.get() + " of this release's guest image?"));
        }
    }
}
