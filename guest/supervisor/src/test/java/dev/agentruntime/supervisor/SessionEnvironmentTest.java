package dev.agentruntime.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.Security;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionEnvironmentTest {

    /** In a process whose packages are open, as the hygiene agent opens them in Open Liberty's. */
    private static List<String> lines(String... environments) throws Exception {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        for (String name : Reseeder.PACKAGES) {
            command.addAll(List.of("--add-opens", "java.base/" + name + "=ALL-UNNAMED"));
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Variables.class.getName()));
        command.addAll(List.of(environments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeAll(List.of("A", "B"));
        builder.environment().putAll(Map.of("HOME", "/home/of-the-template", "LANG", "C.UTF-8", "LC_ALL", "C.UTF-8"));
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output.lines().toList();
    }

    private static String thrice(String name, String value) {
        return name + " [" + value + ", " + value + ", " + value + "]";
    }

    @Test
    void aVariableIsSeenByGetenvByTheMapAndByChildProcesses() throws Exception {
        assertThat(lines("A=1;B=sk=\u00e9 two words")).containsExactly(
                thrice("A", "null"), thrice("B", "null"), thrice("HOME", "/home/of-the-template"),
                thrice("A", "1"), thrice("B", "sk=\u00e9 two words"), thrice("HOME", "/home/of-the-template"));
    }

    @Test
    void theNextSessionHasNothingOfTheOneBeforeAndGetsBackWhatTheProcessBeganWith() throws Exception {
        List<String> lines = lines("A=1;HOME=/elsewhere", "B=2", "");
        assertThat(lines.subList(3, 6)).containsExactly(thrice("A", "1"), thrice("B", "null"), thrice("HOME", "/elsewhere"));
        assertThat(lines.subList(6, 9)).containsExactly(thrice("A", "null"), thrice("B", "2"), thrice("HOME", "/home/of-the-template"));
        assertThat(lines.subList(9, 12)).containsExactly(thrice("A", "null"), thrice("B", "null"), thrice("HOME", "/home/of-the-template"));
    }

    @Test
    void anEmptyValueIsSetAndNotMissing() throws Exception {
        assertThat(lines("A=").subList(3, 4)).containsExactly(thrice("A", ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"A", "A\0", "=1\0", "A=1", "A=1\0B", "A=1\0B\0", "\0"})
    void whatIsNoEnvironmentIsRefusedWithoutItsValues(String text) {
        assertThatThrownBy(() -> SessionEnvironment.parse(text.replace("1", "sk-secret").getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(GuestException.class).hasMessageContaining("malformed").hasMessageNotContaining("secret");
    }

    @Test
    void aValueMayHaveEqualsSignsAndLines() {
        assertThat(SessionEnvironment.parse("A=b=c\nd\0E=\0".getBytes(StandardCharsets.UTF_8))).isEqualTo(Map.of("A", "b=c\nd", "E", ""));
    }

    @Test
    void withoutAnyVariableNothingIsTouched() {
        SessionEnvironment environment = new SessionEnvironment(new SessionEnvironment.Inherited() {
            @Override
            public void set(String name, String value) {
                throw new AssertionError(name);
            }

            @Override
            public void unset(String name) {
                throw new AssertionError(name);
            }
        });
        environment.replace(Map.of());
    }

    @Test
    void lookedUpNamesAreNotRemembered() {
        HygieneAgent.rememberNoNames();
        assertThat(Security.getProperty("networkaddress.cache.ttl")).isEqualTo("0");
        assertThat(Security.getProperty("networkaddress.cache.negative.ttl")).isEqualTo("0");
    }
}
