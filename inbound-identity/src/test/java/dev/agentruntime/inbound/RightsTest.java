package dev.agentruntime.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class RightsTest {

    private static final Pattern OPERATION = Pattern.compile("\"operationId\": *\"([A-Za-z0-9]+)\"");
    /** One operation by several methods or of both APIs has an id for each there. */
    private static final Pattern OTHER_FORM = Pattern.compile("(Head|OfControl|InvokeAgentRuntimeGet|InvokeAgentRuntimeDelete|StopRuntimeSessionDelete)$");
    /** Need no right. */
    private static final Set<String> OPEN = Set.of("GetRuntimeProtectedResourceMetadata", "Oauth2Callback");

    @Test
    void everyOperationOfTheHttpApiCanBeNamed() throws IOException {
        Set<String> described = new TreeSet<>();
        Matcher found = OPERATION.matcher(Files.readString(Path.of("../invocation-servlet/src/main/resources/META-INF/openapi.json")));
        while (found.find()) {
            described.add(found.group(1));
        }
        assertThat(Rights.OPERATIONS).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(described.stream()
                .filter(id -> !OTHER_FORM.matcher(id).find() && !OPEN.contains(id)).collect(Collectors.toSet()));
    }

    @Test
    void aPatternThatMatchesNoneIsUnknown() {
        assertThat(Rights.unknown(List.of(new Glob("*"), new Glob("Invoke*"), new Glob("PutArtifact"), new Glob("PutArtefact"), new Glob("*Sesion*"))))
                .containsExactly("PutArtefact", "*Sesion*");
    }
}
