package dev.agentruntime.libvirt;

import dev.agentruntime.api.SnapshotKey;
import dev.agentruntime.spi.VmException;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * All that is needed besides its file to bring back a VM that is on the disk.
 *
 * @param file        the file's name, without its ending
 * @param secret      opens the file
 * @param template    the key of the template that the VM was cloned from
 * @param vm          the name of the first VM that it was in, which is what its guest is called
 * @param memoryBytes its guest's memory
 * @param vcpus       its guest's processors
 * @param hearsItsEnd whether its agent may do something at the end of its session
 * @param addsFeatures whether its server has features besides those of every guest
 */
record SavedVmKey(String file, SecretKey secret, String template, String vm, long memoryBytes, int vcpus, boolean hearsItsEnd, boolean addsFeatures) {

    /** A file of the database that somebody has changed must lead to no other file. */
    private static final Pattern TEXT = Pattern.compile(
            "2 ([0-9a-f]{16}) ([0-9a-f]{64}) ([0-9a-z]{1,128}) ([A-Za-z0-9][A-Za-z0-9._-]{0,127}) ([0-9]{1,15}) ([0-9]{1,4}) (true|false) (true|false)");

    /** @throws VmException it is the key of no VM */
    static SavedVmKey of(SnapshotKey key) {
        Matcher text = TEXT.matcher(key.text());
        if (!text.matches()) {
            throw new VmException("What the ledger keeps of the session opens no VM on the disk: it was written by another version, or changed");
        }
        return new SavedVmKey(text.group(1), new SecretKeySpec(HexFormat.of().parseHex(text.group(2)), "AES"), text.group(3), text.group(4),
                Long.parseLong(text.group(5)), Integer.parseInt(text.group(6)), Boolean.parseBoolean(text.group(7)), Boolean.parseBoolean(text.group(8)));
    }

    SnapshotKey key() {
        return new SnapshotKey(String.join(" ", "2", file, HexFormat.of().formatHex(secret.getEncoded()), template, vm, Long.toString(memoryBytes),
                Integer.toString(vcpus), Boolean.toString(hearsItsEnd), Boolean.toString(addsFeatures)));
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "SavedVmKey[" + file + " of " + vm + "]";
    }
}
