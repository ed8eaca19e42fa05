package dev.agentruntime.agentctl;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Option;

/** Has a person agree before what cannot be undone. */
final class Agreement {

    @Option(names = {"-y", "--yes"}, description = "Do not ask.")
    private boolean yes;

    /**
     * Returns when there is agreement.
     *
     * @param question a sentence, which the name answers
     * @throws Problem there is none, or nobody to ask
     */
    void seek(Surroundings surroundings, boolean json, String question, String name) throws IOException {
        if (!yes && (json || !surroundings.errIsTerminal() || !agreed(surroundings, question, name))) {
            throw new Problem(ExitCode.USAGE, "Nothing was deleted. Say --yes, or answer with the name.");
        }
    }

    private static boolean agreed(Surroundings surroundings, String question, String name) throws IOException {
        surroundings.err().print(Text.plain(question) + " Its name, to agree: ");
        surroundings.err().flush();
        return name.equals(new BufferedReader(new InputStreamReader(surroundings.in(), StandardCharsets.UTF_8)).readLine());
    }
}
