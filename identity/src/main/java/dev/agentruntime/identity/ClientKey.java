package dev.agentruntime.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWK;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.text.ParseException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/**
 * The private key by which the platform shows a provider who it is.
 *
 * @param id as the provider knows it; empty where the text does not say
 */
record ClientKey(PrivateKey key, Optional<String> id) {

    private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
    private static final String END = "-----END PRIVATE KEY-----";

    /**
     * Reads one: a PKCS#8 key in PEM, or a JWK.
     *
     * @throws IllegalArgumentException it is none for {@code algorithm}; the message has nothing of it
     */
    static ClientKey parse(String text, JWSAlgorithm algorithm) {
        boolean curve = JWSAlgorithm.Family.EC.contains(algorithm);
        ClientKey parsed = text.strip().startsWith("{") ? ofJwk(text, curve) : ofPem(text, curve);
        try {
            parsed.signer();
            return parsed;
        } catch (JOSEException e) {
            throw noKey(curve);
        }
    }

    private static ClientKey ofPem(String text, boolean curve) {
        String pem = text.strip();
        if (!pem.startsWith(BEGIN) || !pem.endsWith(END)) {
            throw noKey(curve);
        }
        byte[] bytes = new byte[0];
        try {
            bytes = Base64.getMimeDecoder().decode(pem.substring(BEGIN.length(), pem.length() - END.length()));
            return new ClientKey(KeyFactory.getInstance(curve ? "EC" : "RSA").generatePrivate(new PKCS8EncodedKeySpec(bytes)), Optional.empty());
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw noKey(curve);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    private static ClientKey ofJwk(String text, boolean curve) {
        try {
            JWK jwk = JWK.parse(text);
            PrivateKey key = curve ? jwk.toECKey().toECPrivateKey() : jwk.toRSAKey().toRSAPrivateKey();
            if (key == null) {
                throw noKey(curve);
            }
            return new ClientKey(key, Optional.ofNullable(jwk.getKeyID()));
        } catch (ParseException | JOSEException | ClassCastException e) {
            throw noKey(curve);
        }
    }

    private static IllegalArgumentException noKey(boolean curve) {
        return new IllegalArgumentException("it is no private key " + (curve ? "of the curve P-256" : "for RSA of 2048 bits or more")
                + ": a PKCS#8 key in PEM, as 'openssl pkcs8 -topk8 -nocrypt' writes it, or a JWK");
    }

    JWSSigner signer() throws JOSEException {
        return key instanceof ECPrivateKey curve ? new ECDSASigner(curve) : new RSASSASigner(key);
    }

    @Override
    public String toString() {
        return "ClientKey[id=" + id + "]";
    }
}
