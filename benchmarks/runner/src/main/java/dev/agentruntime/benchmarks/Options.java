package dev.agentruntime.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the command line asked for.
 *
 * @param repository the folder of the product's sources
 * @param work       where the server, its log and scratch files go
 * @param results    where the results go
 * @param sizes      how much to measure
 * @param only       names of benchmarks; empty for all
 * @param attributes more XML attributes for the agents under test, such as {@code poolMin="8"}; may be blank
 * @param limit      after which nothing more is begun; the sizes' own when absent
 * @param earlier    results of an earlier run, as its results.json, to compare this one with
 */
record Options(
        Path repository, Path work, Path results, Sizes sizes, List<String> only, String attributes, Optional<Duration> limit,
        Optional<String> earlier) {

    private static final String USAGE = "; see benchmarks/run --help";

    /** @throws IllegalArgumentException it cannot be understood */
    static Options of(Path repository, String... arguments) {
        Path target = repository.resolve("benchmarks/target");
        Options options = new Options(repository, target.resolve("work"), target, Sizes.full(), List.of(), "", Optional.empty(), Optional.empty());
        for (int i = 0; i < arguments.length; i++) {
            String name = arguments[i];
            options = switch (name) {
                case "--quick" -> options.with(Sizes.quick());
                case "--medium" -> options.with(Sizes.medium());
                default -> options.with(name, value(arguments, ++i));
            };
        }
        return options;
    }

    Duration bound() {
        return limit.orElse(sizes.limit());
    }

    boolean wants(Benchmark benchmark) {
        return only.isEmpty() ? benchmark.isPartOfEveryRun() : only.contains(benchmark.name());
    }

    boolean wants(String benchmark) {
        return only.isEmpty() || only.contains(benchmark);
    }

    private static String value(String[] arguments, int at) {
        if (at >= arguments.length) {
            throw new IllegalArgumentException(arguments[at - 1] + " is unknown or lacks its value" + USAGE);
        }
        return arguments[at];
    }

    /** At once: the run may write over it. */
    private static String read(Path results) {
        try {
            String text = Files.readString(results);
            Comparison.of(text, List.of());
            return text;
        } catch (IOException | IllegalArgumentException e) {
            throw new IllegalArgumentException("--compare " + results + " cannot be compared with: " + e.getMessage(), e);
        }
    }

    private Options with(Sizes changed) {
        return new Options(repository, work, results, changed, only, attributes, limit, earlier);
    }

    private Options with(String name, String value) {
        return switch (name) {
            case "--only" -> new Options(repository, work, results, sizes, List.of(value.split(",")), attributes, limit, earlier);
            case "--boots" -> with(sizes.withBoots(Integer.parseInt(value)));
            case "--agent-attributes" -> new Options(repository, work, results, sizes, only, value, limit, earlier);
            case "--limit" -> new Options(
                    repository, work, results, sizes, only, attributes, Optional.of(Duration.ofMinutes(Long.parseLong(value))), earlier);
            case "--compare" -> new Options(repository, work, results, sizes, only, attributes, limit, Optional.of(read(Path.of(value))));
            default -> throw new IllegalArgumentException(name + " is unknown" + USAGE);
        };
    }
}
