package dev.agentruntime.supervisor;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Takes down what would be done to the guest: tests run on a machine that is nobody's guest. */
final class FakeMachine implements Machine {
    final List<String> done = new ArrayList<>();
    Instant clock = Instant.EPOCH;

    @Override
    public void reseed(byte[] secret) {
        done.add("reseed with " + secret.length + " bytes");
    }

    @Override
    public void setHostName(String name) {
        done.add("host name " + name);
    }

    @Override
    public void setClock(Instant time) {
        done.add("clock");
        clock = time;
    }

    @Override
    public void settle() {
        done.add("settle");
    }
}
