package dev.agentruntime.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names that lead out, as they come and as they are written into /etc/hosts. */
class OutboundTest {

    @TempDir
    Path folder;

    @Test
    void aListIsReadInItsOrder() {
        assertThat(Outbound.list("")).isEmpty();
        assertThat(Outbound.list("openai:80,orders-db:5432")).containsExactly(new Outbound("openai", 80), new Outbound("orders-db", 5432));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a:", ":80", "a:0", "a:65536", "a:99999", "a:8 0", "A:80", "-a:80", "a-:80", "a.b:80", "a:80,", ",a:80", "a:80;b:80", "a\nb:80"})
    void whatIsNoListIsRefused(String text) {
        assertThatThrownBy(() -> Outbound.list(text)).isInstanceOf(GuestException.class).hasMessageContaining("NAME:PORT");
    }

    @Test
    void eachNameHasAnAddressOfItsOwn() {
        assertThat(HostsFile.address(0)).isEqualTo("127.0.1.1");
        assertThat(HostsFile.address(253)).isEqualTo("127.0.1.254");
        assertThat(HostsFile.address(254)).isEqualTo("127.0.2.1");
        assertThat(IntStream.range(0, 1000).mapToObj(HostsFile::address)).doesNotHaveDuplicates();
    }

    @Test
    void theFileHasTheGuestsNameAndThoseThatLeadOutWhicheverCameFirst() throws Exception {
        Path file = folder.resolve("hosts");
        HostsFile hosts = new HostsFile(file);
        hosts.name("s-1");
        assertThat(file).hasContent("127.0.0.1 localhost s-1");
        hosts.leadOut(List.of(new Outbound("openai", 80), new Outbound("db", 5432)));
        assertThat(file).hasContent("127.0.0.1 localhost s-1\n127.0.1.1 openai.outbound\n127.0.1.2 db.outbound");
        hosts.name("s-2");
        assertThat(file).hasContent("127.0.0.1 localhost s-2\n127.0.1.1 openai.outbound\n127.0.1.2 db.outbound");
        hosts.leadOut(List.of());
        assertThat(file).hasContent("127.0.0.1 localhost s-2");
    }

    @Test
    void theFileIsLeftAloneWhileNothingChanges() throws Exception {
        Path file = folder.resolve("hosts");
        HostsFile hosts = new HostsFile(file);
        hosts.name("s-1");
        Files.delete(file);
        hosts.leadOut(List.of());
        assertThat(file).doesNotExist();
    }
}
