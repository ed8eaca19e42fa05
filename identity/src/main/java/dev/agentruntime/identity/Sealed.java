package dev.agentruntime.identity;

/**
 * A secret as the database has it.
 *
 * @param keyId   the id of the key that its data key is wrapped with
 * @param wrapped the data key, encrypted, in Base64
 * @param sealed  the secret, encrypted with the data key, in Base64
 */
record Sealed(String keyId, String wrapped, String sealed) {

    @Override
    public String toString() {
        return "Sealed[keyId=" + keyId + "]";
    }
}
