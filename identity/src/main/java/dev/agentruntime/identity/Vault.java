package dev.agentruntime.identity;

import dev.agentruntime.identity.IdentityException.Kind;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Supplier;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Encrypts secrets, each with a data key of its own (AES-256-GCM) that is wrapped with a key of server.xml. What a secret is and whose is
 * authenticated with it. Thread-safe.
 */
final class Vault {

    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final int KEY_BYTES = 32;
    private static final int IV_BYTES = 12;
    private static final int TAG_BITS = 128;
    /** Bound to each wrapped data key, so that it is taken for nothing else; the id of the key follows. */
    private static final String WRAPPING = "agent-runtime vault 1 ";

    private final Supplier<VaultKeys> keys;
    private final SecureRandom random = new SecureRandom();

    Vault(Supplier<VaultKeys> keys) {
        this.keys = keys;
    }

    /**
     * Encrypts a secret, with the current key.
     *
     * @throws IdentityException there is no current key
     */
    Sealed seal(Slot slot, byte[] secret) {
        VaultKeys now = keys.get();
        String id = current(now);
        byte[] key = new byte[KEY_BYTES];
        random.nextBytes(key);
        try {
            return new Sealed(id, encrypted(now.keys().get(id), key, wrapping(id)), encrypted(new SecretKeySpec(key, "AES"), secret, slot.bytes()));
        } catch (GeneralSecurityException e) {
            throw new IdentityException(Kind.INTERNAL, "The vault's key " + id + " cannot encrypt (" + e.getClass().getSimpleName() + ").", e);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    /**
     * The secret, which its receiver overwrites when it is done.
     *
     * @throws IdentityException its key is not there; or it is not what was sealed for this slot
     */
    byte[] open(Slot slot, Sealed sealed) {
        byte[] key = unwrapped(sealed);
        try {
            return decrypted(new SecretKeySpec(key, "AES"), sealed.sealed(), slot.bytes());
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw tampered(e);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    /** The same, its data key wrapped with the current key; empty where it is already. */
    Optional<Sealed> rewrapped(Sealed sealed) {
        VaultKeys now = keys.get();
        String id = current(now);
        if (id.equals(sealed.keyId())) {
            return Optional.empty();
        }
        byte[] key = unwrapped(sealed);
        try {
            return Optional.of(new Sealed(id, encrypted(now.keys().get(id), key, wrapping(id)), sealed.sealed()));
        } catch (GeneralSecurityException e) {
            throw new IdentityException(Kind.INTERNAL, "The vault's key " + id + " cannot encrypt (" + e.getClass().getSimpleName() + ").", e);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    private byte[] unwrapped(Sealed sealed) {
        SecretKey with = Optional.ofNullable(keys.get().keys().get(sealed.keyId())).orElseThrow(() -> new IdentityException(Kind.INTERNAL,
                "The vault's key " + sealed.keyId() + " is not configured on this server. Its operator has to give <agentRuntimeIdentity> a <vaultKey> of that keyId."));
        try {
            return decrypted(with, sealed.wrapped(), wrapping(sealed.keyId()));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw tampered(e);
        }
    }

    private static IdentityException tampered(Exception e) {
        return new IdentityException(Kind.INTERNAL, "A credential in the vault is not what was kept for this user, workload and provider, or was kept with"
                + " another key of the same keyId. It is not given out.", e);
    }

    private static String current(VaultKeys now) {
        return now.current().orElseThrow(() -> new IdentityException(Kind.INTERNAL, "The vault has no key, so nothing secret can be kept. The server's operator has to"
                + " give <agentRuntimeIdentity> a <vaultKey>; there is none by default."));
    }

    private static byte[] wrapping(String id) {
        return (WRAPPING + id).getBytes(StandardCharsets.UTF_8);
    }

    private String encrypted(SecretKey key, byte[] plain, byte[] bound) throws GeneralSecurityException {
        byte[] iv = new byte[IV_BYTES];
        random.nextBytes(iv);
        Cipher cipher = Cipher.getInstance(CIPHER);
        cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(TAG_BITS, iv));
        cipher.updateAAD(bound);
        byte[] encrypted = cipher.doFinal(plain);
        byte[] all = Arrays.copyOf(iv, IV_BYTES + encrypted.length);
        System.arraycopy(encrypted, 0, all, IV_BYTES, encrypted.length);
        return Base64.getEncoder().encodeToString(all);
    }

    private static byte[] decrypted(SecretKey key, String text, byte[] bound) throws GeneralSecurityException {
        byte[] all = Base64.getDecoder().decode(text);
        if (all.length < IV_BYTES) {
            throw new IllegalArgumentException("too short");
        }
        Cipher cipher = Cipher.getInstance(CIPHER);
        cipher.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(TAG_BITS, all, 0, IV_BYTES));
        cipher.updateAAD(bound);
        return cipher.doFinal(all, IV_BYTES, all.length - IV_BYTES);
    }
}
