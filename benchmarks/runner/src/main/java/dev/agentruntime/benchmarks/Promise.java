package dev.agentruntime.benchmarks;

/** A number the product promises, and whether this run kept it. */
record Promise(String text, Verdict verdict) {

    enum Verdict { KEPT, MISSED }

    static Promise of(String text, boolean kept) {
        return new Promise(text, kept ? Verdict.KEPT : Verdict.MISSED);
    }
}
