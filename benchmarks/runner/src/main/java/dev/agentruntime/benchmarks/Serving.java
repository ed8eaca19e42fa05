package dev.agentruntime.benchmarks;

import java.io.IOException;
import java.time.Duration;

/** What a bare VM has behind its port. */
enum Serving {
    /** A shell that moves bytes between the port and nowhere. */
    SHELL("shell") {
        @Override
        Port open(BareVm vm, Duration patience) throws IOException {
            return new RawPort(vm.connect());
        }
    },
    /** The product's multiplexer in a JVM like the supervisor's, and nothing behind that. */
    MULTIPLEXER("multiplexer") {
        @Override
        Port open(BareVm vm, Duration patience) throws IOException {
            return new MuxPort(vm.socket(), patience);
        }
    };

    private final String word;

    Serving(String word) {
        this.word = word;
    }

    /** Tells the VM's script, on the kernel's command line. */
    String kernelWord() {
        return "serve=" + word;
    }

    /** The host's end. */
    abstract Port open(BareVm vm, Duration patience) throws IOException;
}
