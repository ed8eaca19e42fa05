package dev.agentruntime.agentctl;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Writes the manual: what {@code manual.md} says, a table of exit codes, and each command. */
final class Manual {

    /** Said once, and not again at each command. */
    private static final List<String> EVERYWHERE = List.of("--help", "--version", "--json", "--server", "--trust");

    private Manual() {}

    static String text() {
        CommandLine root = Agentctl.commandLine(new Surroundings(System.in, System.out, System.err, java.util.Map.of("NO_COLOR", "1"), java.nio.file.Path.of(""),
                java.nio.file.Path.of(""), java.time.Clock.systemUTC(), false, false));
        StringBuilder text = new StringBuilder(introduction().replace("EXIT-CODES", exitCodes())
                .replace("EVERYWHERE", table(root.getSubcommands().get("status").getCommandSpec(), true)));
        root.getSubcommands().forEach((name, command) -> command(text, command, "agentctl " + name, 2));
        return text.toString();
    }

    private static String introduction() {
        try (InputStream in = Manual.class.getResourceAsStream("manual.md")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String exitCodes() {
        return "| code | name in JSON | meaning |\n|---|---|---|\n" + Arrays.stream(ExitCode.values())
                .map(code -> "| " + code.code() + " | `" + code.name() + "` | " + code.meaning() + " |").collect(Collectors.joining("\n"));
    }

    private static void command(StringBuilder text, CommandLine command, String name, int level) {
        CommandSpec spec = command.getCommandSpec();
        if (spec.name().equals("help") || spec.usageMessage().hidden()) {
            return;
        }
        text.append("\n").append("#".repeat(level)).append(" ").append(name).append("\n\n");
        for (String line : spec.usageMessage().description()) {
            text.append(line).append("\n");
        }
        if (!command.getSubcommands().isEmpty()) {
            command.getSubcommands().forEach((sub, below) -> command(text, below, name + " " + sub, level + 1));
            return;
        }
        text.append("\n```\n").append(synopsis(name, spec)).append("\n```\n");
        String table = table(spec, false);
        if (!table.isEmpty()) {
            text.append("\n").append(table).append("\n");
        }
    }

    private static String synopsis(String name, CommandSpec spec) {
        return name + spec.argGroups().stream().map(group -> " (" + group(group) + ")").collect(Collectors.joining())
                + spec.options().stream().filter(option -> shown(option, false) && option.group() == null).map(option -> " " + one(option)).collect(Collectors.joining())
                + spec.positionalParameters().stream().filter(parameter -> !parameter.hidden())
                        .map(parameter -> " " + (parameter.arity().min() == 0 ? "[" + parameter.paramLabel() + "]" : parameter.paramLabel())
                                + (parameter.arity().max() > 1 ? "…" : "")).collect(Collectors.joining());
    }

    private static String group(ArgGroupSpec group) {
        return Stream.concat(group.args().stream().map(argument -> one((OptionSpec) argument)), group.subgroups().stream().map(Manual::group))
                .collect(Collectors.joining(group.exclusive() ? " | " : " "));
    }

    private static String one(OptionSpec option) {
        String words = option.longestName() + (option.arity().max() > 0 ? "=" + option.paramLabel() : "");
        return option.required() ? words : "[" + words + "]";
    }

    private static boolean shown(OptionSpec option, boolean everywhere) {
        return !option.hidden() && EVERYWHERE.contains(option.longestName()) == everywhere;
    }

    private static String table(CommandSpec spec, boolean everywhere) {
        StringBuilder rows = new StringBuilder();
        for (PositionalParamSpec parameter : spec.positionalParameters()) {
            if (!everywhere && !parameter.hidden()) {
                row(rows, "`" + parameter.paramLabel() + "`", parameter);
            }
        }
        for (OptionSpec option : spec.options()) {
            if (shown(option, everywhere)) {
                row(rows, Arrays.stream(option.names()).map(one -> "`" + one + (option.arity().max() > 0 ? " " + option.paramLabel() : "") + "`").collect(Collectors.joining(", ")), option);
            }
        }
        return rows.isEmpty() ? "" : "| | |\n|---|---|\n" + rows.toString().stripTrailing();
    }

    private static void row(StringBuilder rows, String name, ArgSpec argument) {
        rows.append("| ").append(name.replace("|", "\\|")).append(" | ")
                .append(String.join(" ", argument.renderedDescription()).replace("|", "\\|").replace("<", "\\<")).append(" |\n");
    }
}
