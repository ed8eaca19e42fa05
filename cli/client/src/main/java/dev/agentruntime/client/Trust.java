package dev.agentruntime.client;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Reads which servers are trusted: certificates as PEM, or a PKCS#12 store without a password. */
public final class Trust {

    private static final int MOST_BYTES = 4 << 20;

    private Trust() {}

    /** @throws IllegalArgumentException the file cannot be read, or is neither; the message names it and says what it should be */
    public static SSLContext of(Path file) {
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw new IOException("it has more than " + MOST_BYTES + " bytes");
            }
            byte[] bytes = Files.readAllBytes(file);
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(new String(bytes, StandardCharsets.ISO_8859_1).contains("-----BEGIN") ? ofPem(bytes) : ofStore(bytes));
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, factory.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException("The certificates in " + file + ", which are to be trusted, cannot be read: " + e.getMessage()
                    + ". Name a file with certificates as PEM, or a PKCS#12 store without a password.", e);
        }
    }

    private static KeyStore ofPem(byte[] bytes) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        int number = 0;
        for (Certificate certificate : CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(bytes))) {
            store.setCertificateEntry("trusted-" + number++, certificate);
        }
        if (number == 0) {
            throw new IOException("there is no certificate in it");
        }
        return store;
    }

    private static KeyStore ofStore(byte[] bytes) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = new ByteArrayInputStream(bytes)) {
            store.load(in, null);
        }
        return store;
    }
}
