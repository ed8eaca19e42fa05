import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;

/**
 * Makes throw-away tokens for trying the server out: {@code java Tokens.java FOLDER ISSUER AUDIENCE}. Writes the public
 * key as FOLDER/tokens.pem and alice.token, bob.token (agent-invoker) and admin.token (agent-admin), valid for a week.
 * The private key is never written. Not for production: there an identity provider signs.
 */
public final class Tokens {

    private static final Duration LIFE = Duration.ofDays(7);

    private Tokens() {}

    public static void main(String[] args) throws GeneralSecurityException, IOException {
        if (args.length != 3) {
            throw new IllegalArgumentException("usage: java Tokens.java FOLDER ISSUER AUDIENCE");
        }
        Path folder = Files.createDirectories(Path.of(args[0]));
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        KeyPair keys = generator.generateKeyPair();
        for (String[] person : new String[][] {
            {"alice", "agent-invoker"}, {"bob", "agent-invoker"}, {"admin", "agent-admin"}}) {
            String token = token(keys, args[1], args[2], person[0], person[1]);
            Path file = folder.resolve(person[0] + ".token");
            Files.deleteIfExists(file);
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, token);
        }
        String pem = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(keys.getPublic().getEncoded());
        Files.writeString(folder.resolve("tokens.pem"),
                "-----BEGIN PUBLIC KEY-----\n" + pem + "\n-----END PUBLIC KEY-----\n");
    }

    private static String token(KeyPair keys, String issuer, String audience, String name, String group)
            throws GeneralSecurityException {
        Instant now = Instant.now();
        String claims = """
                {"iss":"%s","aud":"%s","sub":"%s","upn":"%s","groups":["%s"],"jti":"%s","iat":%d,"exp":%d}"""
                .formatted(issuer, audience, name, name, group, UUID.randomUUID(), now.getEpochSecond(),
                        now.plus(LIFE).getEpochSecond());
        String signed = base64("{\"alg\":\"RS256\",\"typ\":\"JWT\"}") + "." + base64(claims);
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(keys.getPrivate());
        signature.update(signed.getBytes(StandardCharsets.US_ASCII));
        return signed + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature.sign());
    }

    private static String base64(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }
}
