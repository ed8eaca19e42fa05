package dev.agentruntime.spi;

import java.util.Map;

/**
 * What became of the VMs that an earlier run of this server left behind.
 *
 * @param destroyed the last reading of each VM that is gone now, by VM name; its memory is what the VM held until now, and 0 where it had
 *                  ended before
 * @param left      why a VM could not be destroyed yet, by VM name; empty when none is left
 */
public record Reclaimed(Map<String, MeterReading> destroyed, Map<String, String> left) {

    public Reclaimed {
        destroyed = Map.copyOf(destroyed);
        left = Map.copyOf(left);
    }
}
