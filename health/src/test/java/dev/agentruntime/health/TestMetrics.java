package dev.agentruntime.health;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.microprofile.metrics.Counter;
import org.eclipse.microprofile.metrics.Gauge;
import org.eclipse.microprofile.metrics.Metadata;
import org.eclipse.microprofile.metrics.MetricRegistry;
import org.eclipse.microprofile.metrics.Tag;
import org.eclipse.microprofile.metrics.Timer;

/** A registry that has one number for each meter: a counter's count, a timer's seconds, a gauge's value. */
final class TestMetrics {

    private final Map<String, DoubleAdder> sums = new ConcurrentHashMap<>();
    private final Map<String, Supplier<? extends Number>> gauges = new ConcurrentHashMap<>();

    MetricRegistry registry() {
        return fake(MetricRegistry.class, (method, arguments) -> switch (method) {
            case "counter" -> counter(name(arguments[0], arguments[1]));
            case "timer" -> timer(name(arguments[0], arguments[1]));
            case "gauge" -> gauge(name(arguments[0], arguments[2]), (Supplier<?>) arguments[1]);
            default -> throw new UnsupportedOperationException(method);
        });
    }

    Set<String> names() {
        return Stream.concat(sums.keySet().stream(), gauges.keySet().stream()).collect(Collectors.toSet());
    }

    double value(String name) {
        return gauges.containsKey(name) ? gauges.get(name).get().doubleValue() : sums.get(name).sum();
    }

    private Counter counter(String name) {
        sums.computeIfAbsent(name, unknown -> new DoubleAdder());
        return fake(Counter.class, (method, arguments) -> add(name, arguments == null ? 1 : ((Long) arguments[0]).doubleValue()));
    }

    private Timer timer(String name) {
        return fake(Timer.class, (method, arguments) -> add(name, ((Duration) arguments[0]).toNanos() / 1e9));
    }

    private Object add(String name, double value) {
        sums.computeIfAbsent(name, unknown -> new DoubleAdder()).add(value);
        return this;
    }

    @SuppressWarnings("unchecked")
    private Gauge<?> gauge(String name, Supplier<?> value) {
        if (gauges.putIfAbsent(name, (Supplier<? extends Number>) value) != null) {
            throw new IllegalStateException("There are two gauges " + name);
        }
        return fake(Gauge.class, (method, arguments) -> value.get());
    }

    private static String name(Object metadata, Object tags) {
        return ((Metadata) metadata).getName() + Arrays.stream((Tag[]) tags).map(tag -> tag.getTagName() + "=" + tag.getTagValue())
                .sorted().collect(Collectors.joining(",", "{", "}"));
    }

    private interface Answer {
        Object to(String method, Object[] arguments);
    }

    private static <T> T fake(Class<T> type, Answer answer) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
            Object value = answer.to(method.getName(), arguments);
            return method.getReturnType() == void.class ? null : value;
        }));
    }
}
