package dev.agentruntime.supervisor;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A process of its own: brings every generator into a state that it knows, reseeds, and prints one draw of each. The
 * first reseeding stands for the template's state, which all clones share.
 */
final class Draws {
    private Draws() {
    }

    public static void main(String[] args) throws Exception {
        ExecutorService worker = Executors.newSingleThreadExecutor();
        SecureRandom sha1 = SecureRandom.getInstance("SHA1PRNG");
        draw(worker);
        for (String seed : args) {
            new Reseeder(new Entropy(Base64.getDecoder().decode(seed), "test")).run();
        }
        draw(worker).forEach(System.out::println);
        worker.shutdown();
        sha1.nextInt();
    }

    /** Only generators that are the JDK's own; each line is a name and a draw. */
    private static List<String> draw(ExecutorService worker) throws Exception {
        List<String> draws = new ArrayList<>();
        draws.add("Math.random " + Math.random());
        draws.add("StrictMath.random " + StrictMath.random());
        draws.add("ThreadLocalRandom " + ThreadLocalRandom.current().nextLong());
        draws.add("ThreadLocalRandom-worker " + worker.submit(() -> ThreadLocalRandom.current().nextLong()).get());
        long[] fresh = new long[1];
        Thread thread = new Thread(() -> fresh[0] = ThreadLocalRandom.current().nextLong());
        thread.start();
        thread.join();
        draws.add("ThreadLocalRandom-new " + fresh[0]);
        draws.add("SplittableRandom " + new SplittableRandom().nextLong());
        draws.add("L64X128MixRandom " + RandomGenerator.of("L64X128MixRandom").nextLong());
        draws.add("Xoshiro256PlusPlus " + RandomGenerator.of("Xoshiro256PlusPlus").nextLong());
        List<Integer> numbers = IntStream.range(0, 40).boxed().collect(Collectors.toList());
        Collections.shuffle(numbers);
        draws.add("Collections.shuffle " + numbers.toString().replace(" ", ""));
        draws.add("Random " + new Random().nextLong());
        draws.add("SHA1PRNG " + SecureRandom.getInstance("SHA1PRNG").nextLong());
        draws.add("DRBG " + SecureRandom.getInstance("DRBG").nextLong());
        draws.add("UUID " + java.util.UUID.randomUUID());
        return draws;
    }
}
