package dev.agentruntime.agentctl;

import java.io.PrintWriter;
import java.lang.reflect.Constructor;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.HelpCommand;

/** All commands. */
@Command(name = "agentctl", mixinStandardHelpOptions = true, versionProvider = Version.class, scope = CommandLine.ScopeType.INHERIT,
        description = "Agents on Open Liberty, each session in a virtual machine of its own.",
        synopsisSubcommandLabel = "COMMAND", usageHelpAutoWidth = false,
        subcommands = {Create.class, Dev.class, Validate.class, Deploy.class, Invoke.class, Status.class, Versions.class, Endpoints.class, Rollback.class,
            Sessions.class, Logs.class, UsageReport.class, Destroy.class, ImportProject.class, Login.class, Logout.class, Doctor.class,
            Absent.Budget.class, Identity.class, Memory.class, Completion.class, HelpCommand.class})
final class Agentctl {

    private Agentctl() {}

    /** The whole command line, which has not run yet. */
    static CommandLine commandLine(Surroundings surroundings) {
        CommandLine line = new CommandLine(new Agentctl(), new Commands(surroundings));
        line.setOut(new PrintWriter(surroundings.out(), true)).setErr(new PrintWriter(surroundings.err(), true));
        Failures failures = new Failures(surroundings);
        line.setExecutionExceptionHandler(failures);
        line.setParameterExceptionHandler(failures.mistakes(line.getParameterExceptionHandler()));
        // '@' begins an argument like any other: a body, or a word of a command for a VM.
        line.setExpandAtFiles(false);
        line.setColorScheme(CommandLine.Help.defaultColorScheme(surroundings.colours() ? Ansi.ON : Ansi.OFF));
        line.setUsageHelpWidth(110).setUsageHelpLongOptionsMaxWidth(40);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.getSubcommands().get("help").getCommandSpec().usageMessage().hidden(false);
        return line;
    }

    /** @return the exit code */
    static int run(Surroundings surroundings, String... arguments) {
        CommandLine line = commandLine(surroundings);
        if (arguments.length == 0) {
            line.usage(surroundings.out(), line.getColorScheme());
            return ExitCode.USAGE.code();
        }
        int code = line.execute(arguments);
        surroundings.out().flush();
        return surroundings.out().checkError() && code == 0 ? ExitCode.FAULT.code() : code;
    }

    /** Makes commands, which all want to know where they run. */
    private record Commands(Surroundings surroundings) implements CommandLine.IFactory {
        @Override
        public <K> K create(Class<K> type) throws Exception {
            for (Constructor<?> constructor : type.getDeclaredConstructors()) {
                if (constructor.getParameterCount() == 1 && constructor.getParameterTypes()[0] == Surroundings.class) {
                    return type.cast(constructor.newInstance(surroundings));
                }
            }
            return CommandLine.defaultFactory().create(type);
        }
    }

    /** For shells. */
    static String completionScript(CommandLine root) {
        return AutoComplete.bash("agentctl", root);
    }
}
