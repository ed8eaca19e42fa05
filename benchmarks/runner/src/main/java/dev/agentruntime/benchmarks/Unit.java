package dev.agentruntime.benchmarks;

import java.util.Locale;

/** What the whole numbers of a series count, and how people read them. */
enum Unit {
    /** Nanoseconds. */
    TIME("ns") {
        @Override
        String text(long nanos) {
            return nanos < 10_000_000_000L ? decimal(nanos / 1e6) + " ms" : decimal(nanos / 1e9) + " s";
        }
    },
    BYTES("bytes") {
        @Override
        String text(long bytes) {
            return decimal(bytes / 1048576.0) + " MiB";
        }
    },
    /** Bytes per second. */
    RATE("bytes/s") {
        @Override
        String text(long bytesPerSecond) {
            return decimal(bytesPerSecond / 1e6) + " MB/s";
        }

        @Override
        boolean moreIsBetter() {
            return true;
        }
    },
    /** Thousandths of a percent of one core. */
    CORE("core/100000") {
        @Override
        String text(long milliPercent) {
            return decimal(milliPercent / 1e3) + " % of a core";
        }

        @Override
        long leastDifference() {
            return 100;
        }
    },
    COUNT("") {
        @Override
        String text(long count) {
            return Long.toString(count);
        }
    };

    private final String symbol;

    Unit(String symbol) {
        this.symbol = symbol;
    }

    /** For programs. */
    String symbol() {
        return symbol;
    }

    /** For people, to three digits. */
    abstract String text(long value);

    boolean moreIsBetter() {
        return false;
    }

    /** Less of a difference is none, whatever the ratio: what is at rest uses next to nothing, and ten times that still does. */
    long leastDifference() {
        return 0;
    }

    static String decimal(double value) {
        double size = Math.abs(value);
        int places = size >= 100 ? 0 : size >= 10 ? 1 : 2;
        return String.format(Locale.ROOT, "%." + places + "f", value);
    }
}
