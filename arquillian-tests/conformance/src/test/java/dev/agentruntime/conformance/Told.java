package dev.agentruntime.conformance;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What one client has done: its cases by their names, and what went wrong with each, or nothing. A case is named by the operation and what of it
 * is tried.
 */
final class Told {

    /** One thing that is tried; it throws where it fails. */
    interface Attempt {
        void run() throws Exception;
    }

    private final Map<String, String> failures = new LinkedHashMap<>();

    void run(String name, Attempt attempt) {
        try {
            attempt.run();
            put(name, "");
        } catch (Exception | AssertionError e) {
            put(name, e.toString());
        }
    }

    /** @param failure empty where there was none */
    void put(String name, String failure) {
        failures.put(name, failure);
    }

    Map<String, String> failures() {
        return failures;
    }
}
