package dev.agentruntime.agentctl;

import jakarta.json.JsonValue;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import java.util.function.Function;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What every command has. */
abstract class Action implements Callable<Integer> {

    @Option(names = "--json", description = "Print JSON: one object, or one on each line where there are several. Errors too, on the error stream.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    private final Surroundings surroundings;

    Action(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    /** Some end with the code of what ran elsewhere. */
    @Override
    public Integer call() throws Exception {
        return run().code();
    }

    /** Does it. What it throws is told by {@link Failures}. */
    abstract ExitCode run() throws Exception;

    final Surroundings surroundings() {
        return surroundings;
    }

    final boolean json() {
        return json;
    }

    final PrintStream out() {
        return surroundings.out();
    }

    /** Progress and remarks, which are no part of what was asked for. */
    final void remark(String sentence) {
        if (!json) {
            surroundings.err().println(sentence);
        }
    }

    final void print(JsonValue value) {
        surroundings.out().println(value);
    }

    /**
     * Prints all of a kind: the JSON of each on a line of its own, or a table.
     *
     * @param table with its headings only
     * @param row   adds one's rows to it
     */
    final <T> ExitCode list(List<T> all, Function<T, JsonValue> json, Table table, BiConsumer<Table, T> row) {
        if (json()) {
            all.forEach(one -> print(json.apply(one)));
        } else {
            all.forEach(one -> row.accept(table, one));
            table.print(out());
        }
        return ExitCode.OK;
    }

    /** @throws Problem nobody reads the output any more, so there is nobody to go on for */
    final void seeThatSomebodyReads(String cutOff) {
        if (out().checkError()) {
            throw new Problem(ExitCode.FAULT, "Nobody reads the output any more; " + cutOff);
        }
    }

    final Path file(Path path) {
        return surroundings.resolve(path);
    }

    final ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
