package dev.agentruntime.identity;

import dev.agentruntime.requests.InputException;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.net.URI;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/** How requests and answers describe a credential provider of one kind. */
sealed interface ProviderShape {

    /** What a request says of a provider, beside its name. */
    record Said(String vendor, JsonObject settings, GivenSecret secret) {}

    /** With what the names of members of answers begin that tell where the secret is. */
    String secretMember();

    Said said(JsonObject input);

    /** Adds to an answer what this kind has beside. */
    void describe(Provider provider, JsonObjectBuilder view);

    /** @param files whether providers may name files */
    record ApiKey(BooleanSupplier files) implements ProviderShape {

        @Override
        public String secretMember() {
            return "apiKeySecret";
        }

        @Override
        public Said said(JsonObject input) {
            return new Said("", JsonValue.EMPTY_JSON_OBJECT, GivenSecret.of(input, "apiKey", "apiKeySecretConfig", "apiKeySecretSource", files.getAsBoolean()));
        }

        @Override
        public void describe(Provider provider, JsonObjectBuilder view) {}
    }

    /**
     * @param files    whether providers may name files
     * @param callback where the provider of a name sends users back to; empty where that is not known
     */
    record Oauth2(Vendors vendors, BooleanSupplier files, Function<String, Optional<URI>> callback) implements ProviderShape {

        @Override
        public String secretMember() {
            return "clientSecret";
        }

        @Override
        public Said said(JsonObject input) {
            String vendor = input.getString("credentialProviderVendor");
            JsonObject given = vendors.given(vendor, input);
            JsonObject settings = vendors.settings(vendor, given);
            GivenSecret secret = GivenSecret.of(given, "clientSecret", "clientSecretConfig", "clientSecretSource", files.getAsBoolean());
            if (settings.getString("clientAuthenticationMethod", "").equals("PRIVATE_KEY_JWT") && secret.place() instanceof SecretPlace.InVault) {
                checkKey(secret, settings);
            }
            return new Said(vendor, settings, secret);
        }

        private static void checkKey(GivenSecret secret, JsonObject settings) {
            try {
                ClientKey.parse(secret.text(), ClientProof.algorithm(settings));
            } catch (IllegalArgumentException e) {
                throw InputException.invalid("clientSecret", "has to be the private key that signs: " + e.getMessage());
            }
        }

        @Override
        public void describe(Provider provider, JsonObjectBuilder view) {
            view.add("credentialProviderVendor", provider.vendor()).add("status", "READY")
                    .add("oauth2ProviderConfigOutput", Json.createObjectBuilder().add(vendors.config(provider.vendor()), provider.settings()));
            callback.apply(provider.name()).ifPresent(url -> view.add("callbackUrl", url.toString()));
        }
    }
}
