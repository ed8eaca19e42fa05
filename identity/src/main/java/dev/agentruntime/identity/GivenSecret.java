package dev.agentruntime.identity;

import dev.agentruntime.requests.InputException;
import jakarta.json.JsonObject;

/**
 * The secret in a request that makes or changes a provider.
 *
 * @param place where it is from now on
 * @param text  to be kept in the vault; empty text where it is elsewhere
 */
record GivenSecret(SecretPlace place, String text) {

    /**
     * @param given  the object with the members
     * @param member the secret's; {@code Config} and {@code Source} are added for those that say where else it is
     * @param config where else it is
     * @throws InputException there is none, or it is in two places
     */
    static GivenSecret of(JsonObject given, String member, String config, String source, boolean filesAreThere) {
        String text = given.getString(member, "");
        boolean external = given.getString(source, given.containsKey(config) ? "EXTERNAL" : "MANAGED").equals("EXTERNAL");
        if (external != given.containsKey(config) || external == !text.isEmpty()) {
            throw InputException.invalid(member, "must be there, or " + config + " with " + source + " EXTERNAL in its place");
        }
        if (!external) {
            return new GivenSecret(new SecretPlace.InVault(), text);
        }
        JsonObject reference = given.getJsonObject(config);
        String file = reference.getString("secretId");
        if (!filesAreThere || !SecretFile.isName(file)) {
            throw InputException.invalid(config + ".secretId", "must be the name of a file in the directory that secrets of <agentRuntimeIdentity> names");
        }
        return new GivenSecret(new SecretPlace.InFile(file, reference.getString("jsonKey")), "");
    }

    @Override
    public String toString() {
        return "GivenSecret[place=" + place + "]";
    }
}
