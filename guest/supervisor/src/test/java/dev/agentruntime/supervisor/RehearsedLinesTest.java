package dev.agentruntime.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class RehearsedLinesTest {

    /** What the process of such a main class prints, errors included. */
    private static List<String> printed(Class<?> main) throws Exception {
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp", System.getProperty("java.class.path"), main.getName()).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output.lines().toList();
    }

    /** A server of which the agent has left everything as it was. */
    static final class Plain {
        public static void main(String[] args) {
            RehearsedLines.print();
        }
    }

    /** A server whose agent has put streams of its own in place. */
    static final class Odd {
        public static void main(String[] args) {
            System.setOut(new java.io.PrintStream(java.io.OutputStream.nullOutputStream()) {
                @Override
                public void println(String line) {
                    throw new IllegalStateException("this agent does not print");
                }
            });
            RehearsedLines.print();
        }
    }

    @Test
    void aLineIsPrintedInEachWayAndAfterThemTheLast() throws Exception {
        List<String> printed = printed(Plain.class);
        assertThat(printed.stream().filter(line -> line.endsWith("rehearsal: a line"))).as("of %s", printed).hasSize(3);
        assertThat(printed).last().isEqualTo(RehearsedLines.LAST);
    }

    @Test
    void anAgentsOwnStreamDoesNotKeepTheLastBack() throws Exception {
        assertThat(printed(Odd.class)).last().isEqualTo(RehearsedLines.LAST);
    }

    @Test
    void theyAreToldApartFromWhatAgentsPrint() {
        assertThat(RehearsedLines.isOne("[11/26/26, 3:49:15:487 UTC] 0000004c id=                  O rehearsal: a line")).isTrue();
        assertThat(RehearsedLines.isOne("rehearsal: the last line")).isTrue();
        assertThat(RehearsedLines.isOne("rehearsal: a line of the play")).isFalse();
    }
}
