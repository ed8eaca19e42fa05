package dev.agentruntime.identity;

import java.util.function.Supplier;

/** Where a credential provider's secret is. None of these shows it. */
sealed interface SecretPlace {

    /** There is none: the provider needs none of the platform. */
    record None() implements SecretPlace {}

    /** In the vault. */
    record InVault() implements SecretPlace {}

    /**
     * In a file of the directory {@code secrets}, read each time.
     *
     * @param file the name of the file
     * @param key  the member of the JSON object in it
     */
    record InFile(String file, String key) implements SecretPlace {}

    /**
     * In server.xml, or in a file that it names.
     *
     * @param text reads and decodes it; throws {@link IllegalArgumentException} where that cannot be done
     */
    record InServerXml(Supplier<String> text) implements SecretPlace {
        @Override
        public String toString() {
            return "InServerXml";
        }
    }
}
