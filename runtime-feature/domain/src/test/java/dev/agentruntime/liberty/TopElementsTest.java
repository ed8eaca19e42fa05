package dev.agentruntime.liberty;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TopElementsTest {

    @TempDir
    Path folder;

    private List<String> problems(String content) throws IOException {
        return TopElements.problems(List.of(Files.writeString(folder.resolve("server.xml"), content)));
    }

    @Test
    void aMistypedElementIsToldWithTheOneThatWasMeant() throws IOException {
        assertThat(problems("<server><agentRuntime/><agentRuntimeAcounting><budget per='agent' cpu='1h'/></agentRuntimeAcounting></server>")).containsExactly(
                "server.xml has <agentRuntimeAcounting>, which nobody reads. Did you mean <agentRuntimeAccounting>? Correct the name or take it out.");
        for (String wrong : List.of("agentruntime", "agentRuntimes", "agentRuntimeLog", "acessKey", "credentialsProvider", "memmory", "outbounds")) {
            assertThat(problems("<server><" + wrong + "/></server>")).as(wrong).singleElement().asString().contains("<" + wrong + ">", "Did you mean");
        }
    }

    @Test
    void oneThatLooksLikeOursAndIsNearNoneIsToldToo() throws IOException {
        assertThat(problems("<server><agentRuntimeBudgets/></server>"))
                .containsExactly("server.xml has <agentRuntimeBudgets>, which nobody reads. Correct the name or take it out.");
    }

    @Test
    void whatIsOursOrLibertysOrInsideOthersIsNotTold() throws IOException {
        assertThat(problems("<server><featureManager/><mpJwt/><httpEndpoint/><dataSource><agentRuntimeAcounting/></dataSource><include location='x'/>"
                + TopElements.OURS.stream().map(name -> "<" + name + "/>").reduce("", String::concat) + "</server>")).isEmpty();
    }

    @Test
    void oneThatStandsThereTwiceIsToldOnce() throws IOException {
        assertThat(problems("<server><acessKey/><acessKey/></server>")).hasSize(1);
    }

    @Test
    void whatIsNoXmlIsLibertysToTell() throws IOException {
        assertThat(problems("<server><acessKey/>")).hasSize(1);
        assertThat(problems("server")).isEmpty();
        assertThat(TopElements.problems(List.of(folder.resolve("none.xml")))).isEmpty();
    }

    @Test
    void nothingOutsideTheFileIsRead() throws IOException {
        Path other = Files.writeString(folder.resolve("other"), "<acessKey/>");
        assertThat(problems("<!DOCTYPE server [<!ENTITY x SYSTEM '" + other.toUri() + "'>]><server>&x;</server>")).isEmpty();
    }

    @Test
    void filesAreWhereLibertysVariablesSayThatTheyAre() throws IOException {
        Path server = Files.writeString(folder.resolve("server.xml"), "<server/>");
        Map<String, String> variables = Map.of("server.config.dir", folder.toString());
        assertThat(TopElements.files(List.of("${server.config.dir}/server.xml", server.toString(), "${nobodys.dir}/a.xml", "${server.config.dir}/none.xml", "\0"),
                variables::get)).containsExactly(server);
    }

    /** What another room has is not mistyped. */
    @Test
    void theyAreThoseOfAllRooms() throws IOException {
        List<String> declared = new ArrayList<>();
        Pattern designate = Pattern.compile("<Designate (?:factoryPid|pid)=\"(\\w+)\"");
        try (Stream<Path> files = Files.find(Path.of("../.."), 8, (path, is) -> path.endsWith("src/main/resources/OSGI-INF/metatype/metatype.xml"))) {
            for (Path file : files.toList()) {
                designate.matcher(Files.readString(file)).results().forEach(found -> declared.add(found.group(1)));
            }
        }
        assertThat(TopElements.OURS).containsExactlyInAnyOrderElementsOf(declared);
    }
}
