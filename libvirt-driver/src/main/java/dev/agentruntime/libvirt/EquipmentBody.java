package dev.agentruntime.libvirt;

import dev.agentruntime.channel.ControlMessage;
import dev.agentruntime.features.Provision;
import dev.agentruntime.spi.AgentStartException;
import dev.agentruntime.spi.VmException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** What a guest is sent of features and configuration: parts one after the other, each a message with its content. */
final class EquipmentBody implements AutoCloseable {

    private interface Content {
        InputStream open() throws IOException;
    }

    private static final int LARGEST_DRIVER = 64 << 20;
    /** Of all together, for they wait in this server's memory until the guest has them. */
    private static final int LARGEST_DRIVERS = 2 * LARGEST_DRIVER;
    private static final int LONGEST_NAME = 100;

    private final ZipFile pack;
    private final List<Content> contents = new ArrayList<>();
    private long length;
    private long driverBytes;

    /**
     * Of what the agent needs.
     *
     * @throws AgentStartException a driver cannot be given to a guest
     * @throws IOException         one of the files cannot be read
     */
    EquipmentBody(AgentWar agent) throws IOException {
        Provision provision = agent.provision();
        this.pack = new ZipFile(agent.pack().toFile());
        try {
            addDrivers(agent.spec().artifact().file(), provision.drivers());
            if (agent.spec().additions().drivers().isPresent()) {
                addDrivers(agent.spec().additions().drivers().get().file());
            }
            for (Map.Entry<String, String> file : provision.configurations().entrySet()) {
                byte[] text = file.getValue().getBytes(StandardCharsets.UTF_8);
                add(ControlMessage.of("configuration").with("name", file.getKey()), text.length, () -> new ByteArrayInputStream(text));
            }
            for (String file : provision.files()) {
                ZipEntry entry = this.pack.getEntry(file);
                if (entry == null) {
                    throw new VmException("The guest image's " + agent.pack() + " lacks " + file + ". Build the guest image anew");
                }
                add(ControlMessage.of("file").with("path", file), entry.getSize(), () -> this.pack.getInputStream(entry));
            }
        } catch (IOException | RuntimeException e) {
            this.pack.close();
            throw e;
        }
    }

    private void addDrivers(Path all) throws IOException {
        List<String> names;
        try (ZipFile zip = new ZipFile(all.toFile())) {
            names = zip.stream().map(ZipEntry::getName).toList();
        }
        addDrivers(all, names);
    }

    /** What a ZIP says of its entries' sizes need not be so; what it holds is read before it is announced. */
    private void addDrivers(Path file, List<String> drivers) throws IOException {
        if (drivers.isEmpty()) {
            return;
        }
        try (ZipFile zip = new ZipFile(file.toFile())) {
            for (String driver : drivers) {
                try (InputStream in = zip.getInputStream(zip.getEntry(driver))) {
                    byte[] content = in.readNBytes(LARGEST_DRIVER + 1);
                    if (content.length > LARGEST_DRIVER) {
                        throw new AgentStartException("The driver " + driver + " is larger than " + (LARGEST_DRIVER >> 20)
                                + " MiB, which no driver of a database is. Take a smaller one.", List.of());
                    }
                    driverBytes += content.length;
                    if (driverBytes > LARGEST_DRIVERS) {
                        throw new AgentStartException("The drivers of databases have more than " + (LARGEST_DRIVERS >> 20) + " MiB together, with " + driver
                                + ". Leave only those that the agent uses, in WEB-INF/lib and in the folder beside the WAR.", List.of());
                    }
                    add(ControlMessage.of("driver").with("name", contents.size() + "-" + fileName(driver)), content.length, () -> new ByteArrayInputStream(content));
                }
            }
        }
    }

    private static String fileName(String path) {
        String name = path.substring(path.lastIndexOf('/') + 1).replaceFirst("(?i)\\.jar$", "").replaceAll("[^A-Za-z0-9._-]", "_");
        return name.substring(0, Math.min(name.length(), LONGEST_NAME)) + ".jar";
    }

    private void add(ControlMessage head, long bytes, Content content) throws IOException {
        ByteArrayOutputStream encoded = new ByteArrayOutputStream();
        head.withLength(bytes).writeTo(encoded);
        contents.add(() -> new ByteArrayInputStream(encoded.toByteArray()));
        contents.add(content);
        length += encoded.size() + bytes;
    }

    /** In bytes. */
    long length() {
        return length;
    }

    /** All of it, read from the pack while it is sent. */
    InputStream stream() {
        Iterator<Content> left = contents.iterator();
        return new SequenceInputStream(new Enumeration<>() {
            @Override
            public boolean hasMoreElements() {
                return left.hasNext();
            }

            @Override
            public InputStream nextElement() {
                try {
                    return left.next().open();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        });
    }

    @Override
    public void close() throws IOException {
        pack.close();
    }
}
