package dev.agentruntime.identity;

import dev.agentruntime.config.Attributes;
import dev.agentruntime.config.Effective;
import dev.agentruntime.config.Encoded;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What the configuration says of identities.
 *
 * @param keys    of the vault
 * @param secrets the directory of files that providers of the API may name
 * @param tokenLifetime how long a workload access token is taken
 * @param sessionTokenLifetime how long one of a session is taken; empty where it is as long as the session lives
 * @param oauth2        what it says of OAuth2 providers
 */
record IdentitySettings(VaultKeys keys, Optional<Path> secrets, Duration tokenLifetime, Optional<Duration> sessionTokenLifetime, Oauth2Settings oauth2) {

    static final Duration STANDARD_LIFETIME = Duration.ofHours(1);
    private static final Duration LEAST = Duration.ofMinutes(1);

    private static final Pattern KEY_ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final String DEVICE = "PKCS11";

    /** With what counts for sessions and for OAuth2 providers where nothing is said of them. */
    IdentitySettings(VaultKeys keys, Optional<Path> secrets, Duration tokenLifetime) {
        this(keys, secrets, tokenLifetime, Optional.empty(), Oauth2Settings.STANDARD);
    }

    /** Reads {@code <agentRuntimeIdentity>}. Blocks on the files of keys. */
    static IdentitySettings read(Attributes own) {
        List<VaultKeys.Named> keys = new ArrayList<>();
        for (Attributes element : own.nested("vaultKey")) {
            key(element, own).ifPresent(keys::add);
        }
        Optional<String> current = text(own, "currentKey");
        Optional<Path> secrets = text(own, "secrets").map(text -> own.path("secrets", Path.of(text)));
        return new IdentitySettings(VaultKeys.read(keys, current, own::problem), secrets,
                own.duration("tokenLifetime", STANDARD_LIFETIME, LEAST), ofSessions(own), Oauth2Settings.read(own));
    }

    /** What cannot be read gives no token a longer life than others have. */
    private static Optional<Duration> ofSessions(Attributes own) {
        return own.isSet("sessionTokenLifetime") ? Optional.of(own.duration("sessionTokenLifetime", STANDARD_LIFETIME, LEAST)) : Optional.empty();
    }

    private static Optional<VaultKeys.Named> key(Attributes element, Attributes own) {
        String id = element.text("keyId", "");
        try {
            if (!KEY_ID.matcher(id).matches()) {
                throw new IllegalArgumentException("keyId must be 1 to 64 letters, digits, '.', '_' and '-'");
            }
            return Optional.of(new VaultKeys.Named(id, source(element)));
        } catch (IllegalArgumentException e) {
            own.problem("The <vaultKey keyId=\"" + id + "\"> cannot be used: " + e.getMessage() + ".");
            return Optional.empty();
        }
    }

    private static KeySource source(Attributes element) {
        Optional<String> text = element.secret("aesKey");
        Optional<Path> file = text(element, "file").map(name -> element.path("file", Path.of(name)));
        Optional<Path> store = text(element, "keyStore").map(name -> element.path("keyStore", Path.of(name)));
        String type = element.text("keyStoreType", "PKCS12");
        boolean stored = store.isPresent() || type.equals(DEVICE);
        if ((text.isPresent() ? 1 : 0) + (file.isPresent() ? 1 : 0) + (stored ? 1 : 0) != 1) {
            throw new IllegalArgumentException("it needs one of aesKey, file, and keyStore with alias and keyStorePassword");
        }
        if (text.filter(key -> key.contains("${")).isPresent()) {
            throw new IllegalArgumentException("the variable of its aesKey is not set");
        }
        if (text.isPresent()) {
            return new ConfiguredKey(() -> Encoded.decoded(text.get()));
        }
        if (file.isPresent()) {
            return new FileKey(file.get());
        }
        String password = element.secret("keyStorePassword").orElse("");
        String alias = text(element, "alias").orElseThrow(() -> new IllegalArgumentException("it needs the alias of the key in its keyStore"));
        return new StoredKey(type, store, alias, () -> Encoded.decoded(password));
    }

    private static Optional<String> text(Attributes element, String attribute) {
        return Optional.of(element.text(attribute, "")).filter(text -> !text.isEmpty());
    }

    /** In one line. */
    String text() {
        Effective effective = new Effective().add("vaultKeys", keys).add("secrets", secrets.map(Path::toString).orElse("none"))
                .add("tokenLifetime", tokenLifetime).add("sessionTokenLifetime", sessionTokenLifetime.<Object>map(set -> set).orElse("that of the session"));
        oauth2.addTo(effective);
        return effective.text();
    }
}
