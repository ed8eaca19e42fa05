package dev.agentruntime.identity;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.util.function.BooleanSupplier;

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

    /** @param files whether providers may name files */
    record Oauth2(Vendors vendors, BooleanSupplier files) implements ProviderShape {

        @Override
        public String secretMember() {
            return "clientSecret";
        }

        @Override
        public Said said(JsonObject input) {
            String vendor = input.getString("credentialProviderVendor");
            JsonObject given = vendors.given(vendor, input);
            return new Said(vendor, vendors.settings(vendor, given),
                    GivenSecret.of(given, "clientSecret", "clientSecretConfig", "clientSecretSource", files.getAsBoolean()));
        }

        @Override
        public void describe(Provider provider, JsonObjectBuilder view) {
            view.add("credentialProviderVendor", provider.vendor()).add("status", "READY")
                    .add("oauth2ProviderConfigOutput", Json.createObjectBuilder().add(vendors.config(provider.vendor()), provider.settings()));
        }
    }
}
