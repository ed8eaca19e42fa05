package dev.agentruntime.agentctl;

import java.io.IOException;
import java.io.Reader;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileStore;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * Looks at this machine as a host of agents.
 *
 * @param root    of its file system, {@code /} but in tests
 * @param storage where the server keeps templates
 */
record Host(Path root, Path storage, Surroundings surroundings) {

    private static final long LITTLE = 10L << 30;
    private static final long TOO_LITTLE = 2L << 30;
    private static final long LITTLE_MEMORY = 4L << 20;

    List<Finding> look() {
        List<Finding> findings = new ArrayList<>();
        findings.add(kvm());
        findings.add(libvirt());
        findings.add(qemu());
        findings.add(cgroups());
        findings.add(memory());
        findings.add(disk());
        findings.add(templates());
        return findings;
    }

    private Path at(String path) {
        return root.resolve(path);
    }

    private Finding kvm() {
        Path device = at("dev/kvm");
        if (!Files.exists(device)) {
            return Finding.remark("KVM", "there is no /dev/kvm, so VMs are emulated, which is slow",
                    "Load the module kvm_intel or kvm_amd, and allow virtualization in the firmware, or nesting in the hypervisor below.");
        }
        // Opening it makes no VM, and tells what permissions do not: a device without its module, or one that a container withholds.
        try (FileChannel opened = FileChannel.open(device, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return Finding.ok("KVM", "/dev/kvm can be opened; whether a VM runs under it, the server tries when it starts");
        } catch (AccessDeniedException e) {
            return Finding.wrong("KVM", "/dev/kvm cannot be opened by this user", "Add the user that VMs run as to the group kvm: usermod -aG kvm USER.");
        } catch (IOException e) {
            return Finding.wrong("KVM", "/dev/kvm is there and cannot be used: " + reason(e),
                    "Load the module kvm_intel or kvm_amd; in a container, hand the device in: --device /dev/kvm.");
        }
    }

    /** Without the file's name, which is said before. */
    private static String reason(IOException e) {
        return e instanceof FileSystemException failure && failure.getReason() != null ? failure.getReason() : String.valueOf(e.getMessage());
    }

    private Finding libvirt() {
        List<Path> sockets = Stream.concat(Stream.of(at("run/libvirt/libvirt-sock"), at("run/libvirt/virtqemud-sock")),
                surroundings.variable("XDG_RUNTIME_DIR").stream().flatMap(own -> Stream.of(Path.of(own, "libvirt/libvirt-sock"), Path.of(own, "libvirt/virtqemud-sock"))))
                .filter(Files::exists).toList();
        if (sockets.isEmpty()) {
            return Finding.wrong("libvirt", "libvirtd does not run: it has no socket below /run/libvirt",
                    "Start it: systemctl start libvirtd (or virtqemud.socket); without systemd, server-config/bin/host-setup.sh does.");
        }
        for (Path socket : sockets) {
            try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
                channel.connect(UnixDomainSocketAddress.of(socket));
                return Finding.ok("libvirt", "answers at " + socket);
            } catch (IOException e) {
                // The next one may do.
            }
        }
        return Finding.wrong("libvirt", "nobody answers at " + sockets.get(0) + ", or this user may not ask there",
                "Start it: systemctl start libvirtd. Where it runs, add this user to the group libvirt.");
    }

    private Finding qemu() {
        return Stream.of("usr/bin/qemu-system-x86_64", "usr/libexec/qemu-kvm", "usr/local/bin/qemu-system-x86_64").filter(path -> Files.isExecutable(at(path)))
                .findFirst().map(path -> Finding.ok("QEMU", "is at /" + path))
                .orElse(Finding.wrong("QEMU", "is not installed", "Install it: apt-get install qemu-system-x86, or dnf install qemu-kvm."));
    }

    private Finding cgroups() {
        if (Files.exists(at("sys/fs/cgroup/cgroup.controllers"))) {
            return Finding.ok("cgroups", "version 2: what sessions use is exact, also after a VM was killed");
        }
        return Finding.remark("cgroups", "version 2 is not there, so meters are read from the hypervisor, and a killed VM's last reading may be early",
                "Boot with systemd.unified_cgroup_hierarchy=1.");
    }

    private Finding memory() {
        try (Stream<String> lines = Files.lines(at("proc/meminfo"))) {
            long free = lines.filter(line -> line.startsWith("MemAvailable:")).map(line -> line.replaceAll("\\D", "")).mapToLong(Long::parseLong).findFirst().orElse(0);
            String found = Text.bytes(free << 10) + " are available";
            return free < LITTLE_MEMORY ? Finding.remark("memory", found, "A session takes what it writes, some 100 MiB and up; the base template needs 1 GiB.")
                    : Finding.ok("memory", found);
        } catch (IOException e) {
            return Finding.remark("memory", "cannot be read: " + e.getMessage(), "Look at /proc/meminfo.");
        }
    }

    private Finding templates() {
        Path folder = storage.resolve("templates");
        if (!Files.isDirectory(folder)) {
            return Finding.remark("templates", "there is none yet in " + storage, "The server makes them, the first in minutes without KVM. If it has some, name its folder with --storage.");
        }
        try (Stream<Path> below = Files.list(folder)) {
            List<Path> sealed = below.filter(template -> Files.exists(template.resolve("template.properties"))).sorted().toList();
            Optional<Path> damaged = sealed.stream().filter(template -> !isWhole(template)).findFirst();
            return damaged.map(template -> Finding.wrong("templates", template + " is not as it was written", "Remove that folder while no agent uses it; the server makes it anew."))
                    .orElseGet(() -> Finding.ok("templates", sealed.size() + " in " + folder));
        } catch (IOException e) {
            return Finding.remark("templates", folder + " cannot be looked into: " + reason(e), "Ask as the user that the server runs as, or as root.");
        }
    }

    /** At a glance: its files have the sizes that they were written with. The server reads all of them when it uses it. */
    private static boolean isWhole(Path template) {
        Properties sealed = new Properties();
        try (Reader reader = Files.newBufferedReader(template.resolve("template.properties"))) {
            sealed.load(reader);
            for (String file : List.of("ram", "state")) {
                if (!String.valueOf(Files.size(template.resolve(file))).equals(sealed.getProperty(file + ".size"))) {
                    return false;
                }
            }
            return true;
        } catch (AccessDeniedException e) {
            return true; // not this user's to judge
        } catch (IOException | IllegalArgumentException e) {
            return false;
        }
    }

    private Finding disk() {
        Path folder = storage;
        while (folder != null && !Files.exists(folder)) {
            folder = folder.getParent();
        }
        try {
            FileStore store = Files.getFileStore(folder == null ? root : folder);
            return disk(store.getUsableSpace());
        } catch (IOException e) {
            return Finding.wrong("disk", storage + " cannot be looked at: " + e.getMessage(), "Name the server's folder with --storage.");
        }
    }

    Finding disk(long free) {
        String found = Text.bytes(free) + " are free where templates are kept, " + storage;
        String remedy = "Templates take some 100 MiB to 1 GiB each. Delete what is not needed, or have another folder in 'stateDirectory' of <agentRuntime>.";
        return free < TOO_LITTLE ? Finding.wrong("disk", found, remedy) : free < LITTLE ? Finding.remark("disk", found, remedy) : Finding.ok("disk", found);
    }
}
