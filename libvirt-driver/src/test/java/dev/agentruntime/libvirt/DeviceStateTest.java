package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class DeviceStateTest {

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void theDevicesFollowTheHeadOfTheTemplatesState() throws IOException {
        byte[] state = bytes("QEVM 003 a configuration \1\0\0\0\2\3ram and much more");
        assertThat(DeviceState.loadable(state, bytes("QEVM 003\4devices\0"))).isEqualTo(bytes("QEVM 003 a configuration \4devices\0"));
    }

    @Test
    void aStateWithoutMemoryAtItsBeginningIsNotKnown() {
        for (String state : new String[] {"", "QEVM 003", "\1\0\0\0\2\3ram", "QEVM 003" + "x".repeat(5000) + "\1\0\0\0\2\3ram"}) {
            assertThatThrownBy(() -> DeviceState.loadable(bytes(state), bytes("QEVM 003\4")))
                    .isInstanceOf(IOException.class).hasMessageContaining("template's state");
        }
    }

    @Test
    void devicesOfAnotherVersionAreNotKnown() {
        byte[] state = bytes("QEVM 003 a configuration \1\0\0\0\2\3ram");
        for (String devices : new String[] {"", "QEVM", "QEVM 004\4devices"}) {
            assertThatThrownBy(() -> DeviceState.loadable(state, bytes(devices))).isInstanceOf(IOException.class).hasMessageContaining("devices");
        }
    }
}
