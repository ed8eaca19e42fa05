package dev.agentruntime.supervisor;

import dev.agentruntime.channel.ControlMessage;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Gives the running Open Liberty more features and more configuration than the image has. To be done before the WAR comes: an
 * application that runs would be stopped and started again.
 */
final class Equipment {
    /** In the request: names of features, with commas in between. */
    static final String FEATURES = "features";
    /** A part of the body: a file of Open Liberty, with its path there. */
    static final String FILE = "file";
    /** A part of the body: a file of configuration, with its name. */
    static final String CONFIGURATION = "configuration";

    /** A part of the body: a library with a database's driver, with its name. */
    static final String DRIVER = "driver";
    private static final Pattern FEATURE = Pattern.compile("[A-Za-z][A-Za-z0-9.]*-[0-9]+\\.[0-9]+");
    private static final Pattern CONFIGURATION_NAME = Pattern.compile("[a-z0-9-]{1,32}\\.xml");
    private static final Pattern DRIVER_NAME = Pattern.compile("[A-Za-z0-9._-]{1,128}\\.jar");
    private static final Pattern FEATURES_DONE = Pattern.compile("CWWKF0008I");
    private static final Pattern CONFIGURATION_DONE = Pattern.compile("CWWKG001[78]I");
    /** What Open Liberty says of features that it could not add and of configuration that it could not read; it goes on then. */
    private static final Pattern FAILED = Pattern.compile("\\b(CWWK[FG]\\d{4}E|CWWKE0702E)\\b");
    private static final int LOG_LINES = 80;
    private static final int LONGEST = 700;
    /** Attributes that an element lacks are told one by one. */
    private static final int MOST_REASONS = 6;

    private final Path liberty;
    private final Path overrides;
    private final Path drivers;
    private final AddedConfiguration added;
    private final Path war;
    private final GuestRoom room;
    private final Liberty process;
    private final LogRing log;
    private final Hygiene hygiene;

    Equipment(Path liberty, Path server, Path war, GuestRoom room, Liberty process, LogRing log, Hygiene hygiene) {
        this.liberty = liberty;
        this.overrides = AddedConfiguration.overrides(server);
        this.drivers = AddedConfiguration.drivers(server);
        this.added = new AddedConfiguration(server);
        this.war = war;
        this.room = room;
        this.process = process;
        this.log = log;
        this.hygiene = hygiene;
    }

    /**
     * Blocks until Open Liberty has the features and the configuration.
     *
     * @throws GuestException it does not take them, with its reason
     * @throws IOException the request could not be read to its end, or its files not be written
     */
    void run(ControlMessage request, InputStream body, Duration timeout) throws IOException {
        List<String> features = request.field(FEATURES).stream().flatMap(names -> Pattern.compile(",").splitAsStream(names)).toList();
        features.forEach(name -> require(FEATURE.matcher(name).matches(), "'" + name + "' is no name of a feature."));
        require(Files.notExists(war), "Features are added before the WAR is deployed: this guest holds one already.");
        room.requireForFeatures(request.length());
        Files.createDirectories(overrides);
        PushbackInputStream parts = new PushbackInputStream(body);
        for (int next = parts.read(); next >= 0; next = parts.read()) {
            parts.unread(next);
            take(ControlMessage.readFrom(parts), parts);
        }
        Path last = overrides.resolve(AddedConfiguration.NAME);
        Files.writeString(last, added.text(features));
        long mark = log.mark();
        tell(last, features.isEmpty() ? List.of(CONFIGURATION_DONE) : List.of(CONFIGURATION_DONE, FEATURES_DONE), timeout, mark);
        List<String> reasons = log.since(mark, Integer.MAX_VALUE).stream().filter(line -> FAILED.matcher(line).find()).map(Equipment::reason).distinct().limit(MOST_REASONS)
                .toList();
        if (!reasons.isEmpty()) {
            throw new GuestException("Open Liberty in the guest did not take its features and configuration: " + String.join(" ", reasons), log.since(mark, LOG_LINES));
        }
    }

    private void take(ControlMessage part, InputStream in) throws IOException {
        try (InputStream content = part.body(in)) {
            Path target = switch (part.verb()) {
                case FILE -> file(ControlFields.required(part, "path"));
                case CONFIGURATION -> configuration(ControlFields.required(part, "name"));
                case DRIVER -> driver(ControlFields.required(part, "name"));
                default -> throw new GuestException("The request '" + FEATURES + "' has an unknown part '" + part.verb() + "'.");
            };
            if (Files.exists(target)) {
                // Open Liberty may be reading it.
                content.skipNBytes(part.length());
                return;
            }
            Files.createDirectories(target.getParent());
            Files.copy(content, target);
        } catch (EOFException e) {
            throw e;
        } catch (IOException e) {
            throw Advice.on(String.valueOf(e.getMessage())).<IOException>map(advice -> new IOException(e.getMessage() + ". " + advice, e)).orElse(e);
        }
    }

    private Path file(String path) {
        Path target = liberty.resolve(path).normalize();
        require(target.startsWith(liberty) && !target.equals(liberty) && !target.startsWith(liberty.resolve("usr")),
                "'" + path + "' is no file of Open Liberty.");
        return target;
    }

    private Path configuration(String name) {
        require(CONFIGURATION_NAME.matcher(name).matches(), "'" + name + "' is no name of a configuration file.");
        return overrides.resolve(name);
    }

    private Path driver(String name) {
        require(DRIVER_NAME.matcher(name).matches(), "'" + name + "' is no name of a driver's library.");
        return drivers.resolve(name);
    }

    /** The configuration is taken by one thread and the features by another, so the last words of both are waited for. */
    private void tell(Path file, List<Pattern> done, Duration timeout, long mark) {
        process.requireAlive();
        Map<Pattern, CompletableFuture<Void>> said = done.stream().collect(Collectors.toMap(words -> words, words -> new CompletableFuture<>()));
        try (LogRing.Registration registration = log.listen(line -> said.forEach((words, heard) -> {
            if (words.matcher(line).find()) {
                heard.complete(null);
            }
        }))) {
            hygiene.call(ControlMessage.of(HygieneServer.FILE_CREATED).with("path", file.toString()));
            CompletableFuture<Void> all = CompletableFuture.allOf(said.values().toArray(CompletableFuture[]::new));
            CompletableFuture.anyOf(all, process.ended()).get(timeout.toNanos(), TimeUnit.NANOSECONDS);
            process.requireAlive();
        } catch (TimeoutException e) {
            throw new GuestException("Open Liberty in the guest did not take its features and configuration within " + timeout.toSeconds() + " s.",
                    log.since(mark, LOG_LINES));
        } catch (InterruptedException | ExecutionException e) {
            throw new GuestException("Waiting for the features was broken off: " + e, e);
        }
    }

    private static String reason(String line) {
        int code = line.indexOf("CWWK");
        String text = line.substring(Math.max(0, code));
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }

    private static void require(boolean kept, String complaint) {
        if (!kept) {
            throw new GuestException(complaint);
        }
    }
}
