package dev.agentruntime.identity;

import javax.crypto.SecretKey;

/** Where a key-encryption key comes from. Thread-safe. */
interface KeySource {

    /**
     * The key, for AES with 256 bits. Blocks on files or on a device.
     *
     * @throws KeyException there is none that can be used; the message says why and what to do, and has nothing of a key
     */
    SecretKey key();
}
