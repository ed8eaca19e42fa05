package dev.agentruntime.identity;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/** Has many do the same at the same time. */
final class AtOnce {

    private AtOnce() {}

    /** What came of it, each thing once. */
    static <T> Set<T> run(int many, Callable<T> work) throws Exception {
        CountDownLatch start = new CountDownLatch(1);
        ExecutorService threads = Executors.newFixedThreadPool(many);
        try {
            List<Future<T>> all = IntStream.range(0, many).mapToObj(i -> threads.submit(() -> {
                start.await();
                return work.call();
            })).toList();
            start.countDown();
            Set<T> results = new HashSet<>();
            for (Future<T> one : all) {
                results.add(one.get());
            }
            return results;
        } finally {
            threads.shutdownNow();
        }
    }
}
