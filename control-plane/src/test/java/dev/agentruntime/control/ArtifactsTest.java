package dev.agentruntime.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.api.BodyRefusedException;
import dev.agentruntime.api.Caller;
import dev.agentruntime.api.InboundVerdict;
import dev.agentruntime.api.RoomOperations;
import dev.agentruntime.api.Subject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.bedrockagentcorecontrol.model.AgentRuntimeArtifact;
import software.amazon.awssdk.services.bedrockagentcorecontrol.model.ValidationException;

class ArtifactsTest extends ControlTestBase {

    private static final byte[] WAR = TestWar.of("hello");
    private static final String DIGEST = TestWar.digest(WAR);
    private static final String CHECKSUM = Base64.getEncoder().encodeToString(TestWar.sha256(WAR));

    @Test
    void anUploadIsAnsweredWithWhatNamesItAndItsDigest() throws Exception {
        HttpResponse<String> uploaded = put("hello.war", WAR);
        assertThat(uploaded.statusCode()).isEqualTo(200);
        assertThat(uploaded.body()).isEqualTo(
                "{\"uri\":\"artifact:hello.war@sha256:" + DIGEST + "\",\"digest\":\"sha256:" + DIGEST + "\"}");
        assertThat(files()).containsExactly(DIGEST + ".war");
        assertThat(Files.readAllBytes(folder.resolve("artifacts").resolve(DIGEST + ".war"))).isEqualTo(WAR);
        assertThat(put("again.war", WAR).statusCode()).isEqualTo(200);
        assertThat(files()).hasSize(1);
    }

    @Test
    void anAnnouncedDigestIsChecked() throws Exception {
        String other = Base64.getEncoder().encodeToString(TestWar.sha256(new byte[1]));
        assertThat(put("hello.war", WAR, "Content-Digest", "sha-256=:" + other + ":").body()).contains("ValidationFailed", DIGEST);
        assertThat(put("hello.war", WAR, "x-amz-checksum-sha256", other).statusCode()).isEqualTo(400);
        assertThat(put("hello.war", WAR, "x-amz-checksum-sha256", "***").statusCode()).isEqualTo(400);
        assertThat(files()).isEmpty();
        assertThat(put("hello.war", WAR, "Content-Digest", "md5=:x:, sha-256=:" + CHECKSUM + ":").statusCode()).isEqualTo(200);
        assertThat(put("hello.war", WAR, "x-amz-checksum-sha256", CHECKSUM).statusCode()).isEqualTo(200);
    }

    @Test
    void anAnnouncedDigestThatCannotBeReadIsNotTakenForNone() throws Exception {
        for (String field : List.of("sha-256=" + CHECKSUM, "sha-256=:" + CHECKSUM, "md5=:x:, sha-256 = :" + CHECKSUM + ":", "sha-256")) {
            assertThat(put("hello.war", WAR, "Content-Digest", field).statusCode()).as(field).isEqualTo(400);
        }
        assertThat(files()).isEmpty();
        assertThat(put("hello.war", WAR, "Content-Digest", "sha-512=:x:").statusCode()).as("another algorithm").isEqualTo(200);
    }

    @Test
    void whatIsTooLargeIsRefusedAndLeavesNothing() throws Exception {
        byte[] large = new byte[(1 << 20) + 1];
        new Random(7).nextBytes(large);
        HttpResponse<String> refused = put("hello.war", large);
        assertThat(refused.statusCode()).isEqualTo(413);
        assertThat(refused.body()).contains("maxArtifactSize");
        assertThat(files()).isEmpty();
    }

    @Test
    void aBodyWhoseLengthNobodySaysIsCutOffAtTheBound() {
        Artifacts artifacts = new Artifacts(folder.resolve("artifacts"), () -> settings);
        assertThatThrownBy(() -> artifacts.upload("hello.war", endless(), Optional.empty(), Optional.empty()))
                .hasMessageContaining("maxArtifactSize");
        assertThat(files()).isEmpty();
    }

    @Test
    void allTogetherHaveABoundToo() throws Exception {
        settings = new ControlSettings(settings.directory(), settings.folder(), settings.largest(), WAR.length + 10,
                settings.region(), settings.account(), settings.memoryBytes());
        assertThat(put("hello.war", WAR).statusCode()).isEqualTo(200);
        HttpResponse<String> refused = put("other.war", TestWar.of("other"));
        assertThat(refused.statusCode()).isEqualTo(402);
        assertThat(refused.headers().firstValue("x-amzn-ErrorType")).contains("ServiceQuotaExceededException");
    }

    @Test
    void uploadsSideBySideDoNotPassTheBoundTogether() {
        settings = new ControlSettings(settings.directory(), settings.folder(), settings.largest(), WAR.length + 10,
                settings.region(), settings.account(), settings.memoryBytes());
        Artifacts artifacts = new Artifacts(folder.resolve("artifacts"), () -> settings);
        InputStream later = new ByteArrayInputStream(TestWar.of("other")) {
            private Optional<ArtifactUri> earlier = Optional.empty();

            @Override
            public int read(byte[] chunk, int offset, int length) {
                if (earlier.isEmpty()) {
                    earlier = Optional.of(artifacts.upload("hello.war", new ByteArrayInputStream(WAR), Optional.empty(), Optional.empty()));
                }
                return super.read(chunk, offset, length);
            }
        };
        assertThatThrownBy(() -> artifacts.upload("other.war", later, Optional.empty(), Optional.empty())).hasMessageContaining("maxSize");
        assertThat(files()).containsExactly(DIGEST + ".war");
    }

    @Test
    void whatIsNoWarIsRefused() throws Exception {
        assertThat(put("hello.war", "no zip".getBytes()).body()).contains("must be a WAR");
        assertThat(put("hello.war", new byte[0]).statusCode()).isEqualTo(400);
        assertThat(put("hello.jar", WAR).statusCode()).isEqualTo(400);
        assertThat(put("..%2Fhello.war", WAR).statusCode()).isEqualTo(400);
        assertThat(put(".hello.war", WAR).statusCode()).isEqualTo(400);
        assertThat(put("a".repeat(125) + ".war", WAR).statusCode()).isEqualTo(400);
        assertThat(files()).isEmpty();
    }

    @Test
    void aWarWhoseListOfFilesWouldFillTheHeapIsRefusedBeforeItIsOpened() throws Exception {
        byte[] large = WAR.clone();
        ByteBuffer.wrap(large).order(ByteOrder.LITTLE_ENDIAN).putInt(large.length - 22 + 12, (16 << 20) + 1);
        assertThat(put("hello.war", large).body()).contains("list of files has 16777216 bytes at most");
        ByteBuffer.wrap(large).order(ByteOrder.LITTLE_ENDIAN).putInt(large.length - 22 + 12, -1);
        assertThat(put("hello.war", large).body()).contains("list of files has 16777216 bytes at most");
        byte[] hidden = Arrays.copyOf(large, large.length + WAR.length); // readers that look from the end see the small one only
        System.arraycopy(WAR, 0, hidden, large.length, WAR.length);
        assertThat(put("hello.war", hidden).body()).contains("list of files");
        assertThat(files()).isEmpty();
    }

    @Test
    void aWarOfManyFilesIsTaken() throws Exception {
        ByteArrayOutputStream war = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(war)) {
            for (int i = 0; i < 5_000; i++) {
                zip.putNextEntry(new ZipEntry("WEB-INF/classes/p" + i));
            }
        }
        assertThat(put("hello.war", war.toByteArray()).statusCode()).isEqualTo(200);
    }

    @Test
    void anUploadThatBreaksOffIsItsCallersFaultAndLeavesNothing() {
        Artifacts artifacts = new Artifacts(folder.resolve("artifacts"), () -> settings);
        InputStream broken = new SequenceInputStream(new ByteArrayInputStream(WAR), new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("the caller left");
            }
        });
        assertThatThrownBy(() -> artifacts.upload("hello.war", broken, Optional.empty(), Optional.empty()))
                .isInstanceOfSatisfying(ControlException.class, refused -> assertThat(refused.kind()).isEqualTo(ControlException.Kind.VALIDATION))
                .hasMessageContaining("the caller left");
        assertThat(files()).isEmpty();
    }

    @Test
    void aBodyThatIsNotTheOneThatWasSignedIsRefusedByWhoJudgedItAndLeavesNothing() {
        BodyRefusedException tampered = new BodyRefusedException(new InboundVerdict.Refused(403, "InvalidSignatureException", "not what was signed"));
        InputStream signed = new SequenceInputStream(new ByteArrayInputStream(WAR), new InputStream() {
            @Override
            public int read() {
                throw tampered;
            }
        });
        RoomOperations.Row put = plane.operations().operations().stream().filter(row -> row.name().equals("PutArtifact")).findFirst().orElseThrow();
        assertThatThrownBy(() -> put.handler().serve(new RoomOperations.Request(Map.of("name", "hello.war"), Map.of(), name -> Optional.empty(),
                signed, Optional.empty(), new Caller(new Subject("aws", "deployer"), true)))).isSameAs(tampered);
        assertThat(files()).isEmpty();
    }

    @Test
    void whatAnEarlierRunDidNotFinishIsRemoved() throws Exception {
        Files.createDirectories(folder.resolve("artifacts"));
        Files.write(folder.resolve("artifacts/x.part"), WAR);
        Files.setLastModifiedTime(folder.resolve("artifacts/x.part"), FileTime.from(Instant.now().minus(Duration.ofHours(2))));
        Files.write(folder.resolve("artifacts/another-server-writes.part"), WAR);
        restart();
        assertThat(files()).containsExactly("another-server-writes.part");
    }

    @Test
    void aFileOfTheFolderIsCopiedSoThatItsVersionStays() throws Exception {
        Path war = Files.createDirectories(settings.folder().resolve("team")).resolve("greeter.war");
        Files.write(war, WAR);
        String id = client.createAgentRuntime(r -> r.agentRuntimeName("hello").roleArn(ROLE)
                .agentRuntimeArtifact(uri("file:team/greeter.war"))).agentRuntimeId();
        Files.write(war, TestWar.of("changed"));
        assertThat(send("GET", "/runtimes/" + id + "/", "").body()).contains("sha256:" + DIGEST);
        assertThat(Files.readAllBytes(plane.offers().offered().orElseThrow().get(0).location())).isEqualTo(WAR);
    }

    @Test
    void noPathAndNoLinkLeadsOutOfTheFolder() throws Exception {
        Path outside = folder.resolve("secret.war");
        Files.write(outside, WAR);
        Files.createSymbolicLink(settings.folder().resolve("link.war"), outside);
        Files.createSymbolicLink(settings.folder().resolve("dir"), folder);
        Files.createDirectory(settings.folder().resolve("folder.war"));
        Files.write(settings.folder().resolve("notes.txt"), WAR);
        for (String path : List.of("../secret.war", outside.toString(), "link.war", "dir/secret.war", "folder.war", "notes.txt", "",
                "./../secret.war", "none.war", "x/../../secret.war", "//secret.war")) {
            assertThatThrownBy(() -> create("file:" + path)).as(path).isInstanceOf(ValidationException.class)
                    .hasMessageContaining("names no WAR");
        }
    }

    @Test
    void whatAwsKeepsIsRefusedWithWhatToUseInstead() {
        assertThatThrownBy(() -> create("123456789012.dkr.ecr.us-east-1.amazonaws.com/agent:1"))
                .isInstanceOf(ValidationException.class).hasMessageContaining("container image").hasMessageContaining("PUT /artifacts/");
        assertThatThrownBy(() -> create("public.ecr.aws/x/agent:1")).hasMessageContaining("container image");
        assertThatThrownBy(() -> create("s3://bucket/agent.zip")).hasMessageContaining("S3");
        assertThatThrownBy(() -> create("https://example.com/agent.war")).hasMessageContaining("PUT /artifacts/");
        assertThatThrownBy(() -> create("artifact:hello.war@sha256:" + "0".repeat(64))).hasMessageContaining("not here");
        assertThatThrownBy(() -> client.createAgentRuntime(r -> r.agentRuntimeName("hello").roleArn(ROLE).agentRuntimeArtifact(
                AgentRuntimeArtifact.fromCodeConfiguration(code -> code.runtime("PYTHON_3_12").entryPoint("main.py")
                        .code(c -> c.s3(s3 -> s3.bucket("bucket").prefix("agent.zip")))))))
                .isInstanceOf(ValidationException.class).hasMessageContaining("S3").hasMessageContaining("PUT /artifacts/");
    }

    private void create(String uri) {
        client.createAgentRuntime(r -> r.agentRuntimeName("hello").roleArn(ROLE).agentRuntimeArtifact(uri(uri)));
    }

    private static AgentRuntimeArtifact uri(String uri) {
        return AgentRuntimeArtifact.fromContainerConfiguration(container -> container.containerUri(uri));
    }

    private List<String> files() {
        if (!Files.isDirectory(folder.resolve("artifacts"))) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder.resolve("artifacts"))) {
            return files.map(file -> file.getFileName().toString()).toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static InputStream endless() {
        return new InputStream() {
            @Override
            public int read() {
                return 7;
            }
        };
    }
}
