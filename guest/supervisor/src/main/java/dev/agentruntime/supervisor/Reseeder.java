package dev.agentruntime.supervisor;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Gives every random generator that a Java 17 process shares between its users a new seed. A clone has the very state
 * of its siblings until this has run. Generators that a program made for itself are its own to renew, in an
 * {@code afterRestore} hook; only those of the JDK's own holders are known here.
 *
 * <p>Needs {@link #PACKAGES} to be open to this class.
 */
final class Reseeder {

    /** Packages of java.base that must be open. */
    static final List<String> PACKAGES = List.of("java.lang", "java.util", "java.util.concurrent", "java.io", "java.net",
            "java.nio.file", "sun.security.provider", "sun.security.jca");

    /** Generators that draw the seed of each new instance from a counter of their class. */
    private static final List<String> COUNTED = List.of("L32X64MixRandom", "L64X128MixRandom", "L64X128StarStarRandom",
            "L64X256MixRandom", "L64X1024MixRandom", "L128X128MixRandom", "L128X256MixRandom", "L128X1024MixRandom",
            "Xoroshiro128PlusPlus", "Xoshiro256PlusPlus");

    private static final String PROVIDER = "sun.security.provider.";

    /** Looked up once in the template: reflection is most of the work, and a session waits for it. */
    private static final Map<String, Field> FIELDS = new ConcurrentHashMap<>();
    private static final Map<Class<?>, Method> SEEDERS = new ConcurrentHashMap<>();

    private final Entropy entropy;

    Reseeder(Entropy entropy) {
        this.entropy = entropy;
    }

    /**
     * Reseeds all of them.
     *
     * @throws GuestException one could not be reached; the others have been reseeded nevertheless
     */
    void run() {
        List<String> failures = new ArrayList<>();
        List<Step> steps = List.of(
                new Step("NativePRNG", this::nativePrng),
                new Step("SHA1PRNG", this::sha1Prng),
                new Step("DRBG", this::drbg),
                new Step("secure random holders", this::secureRandomHolders),
                new Step("ThreadLocalRandom", this::threadLocalRandom),
                new Step("SplittableRandom", () -> counter("java.util.SplittableRandom", "defaultGen")),
                new Step("Random", () -> counter("java.util.Random", "seedUniquifier")),
                new Step("Math.random", this::math),
                new Step("Collections.shuffle", this::shuffle),
                new Step("java.util.random", this::randomGenerators));
        for (Step step : steps) {
            try {
                step.action().run();
            } catch (ReflectiveOperationException | RuntimeException e) {
                failures.add(step.name() + " (" + e + ")");
            }
        }
        if (!failures.isEmpty()) {
            throw new GuestException("Not all random generators could be reseeded, so the session would share their numbers with"
                    + " others and must not start: " + String.join(", ", failures));
        }
    }

    private void threadLocalRandom() throws ReflectiveOperationException {
        counter("java.util.concurrent.ThreadLocalRandom", "seeder");
        AtomicInteger probes = (AtomicInteger) field("java.util.concurrent.ThreadLocalRandom", "probeGenerator").get(null);
        probes.set((int) entropy.number("probes"));
        Field seed = field("java.lang.Thread", "threadLocalRandomSeed");
        Field secondary = field("java.lang.Thread", "threadLocalRandomSecondarySeed");
        Field probe = field("java.lang.Thread", "threadLocalRandomProbe");
        // A digest for each thread would cost an emulated guest more than all the rest; these generators keep no secrets.
        SplittableRandom seeds = new SplittableRandom(entropy.number("threads"));
        for (Thread thread : threads()) {
            // A probe of zero says "not seeded yet": the thread will draw its seed from the new seeder.
            if (probe.getInt(thread) != 0) {
                seed.setLong(thread, seeds.nextLong());
                secondary.setInt(thread, seeds.nextInt() | 1);
            }
        }
    }

    private static List<Thread> threads() {
        ThreadGroup root = Thread.currentThread().getThreadGroup();
        while (root.getParent() != null) {
            root = root.getParent();
        }
        Thread[] found = new Thread[root.activeCount() * 2 + 16];
        int count = root.enumerate(found, true);
        while (count == found.length) {
            found = new Thread[found.length * 2];
            count = root.enumerate(found, true);
        }
        return List.of(Arrays.copyOf(found, count));
    }

    private void math() throws ReflectiveOperationException {
        for (String owner : List.of("java.lang.Math$RandomNumberGeneratorHolder", "java.lang.StrictMath$RandomNumberGeneratorHolder")) {
            ((Random) field(owner, "randomNumberGenerator").get(null)).setSeed(entropy.number(owner));
        }
    }

    private void shuffle() throws ReflectiveOperationException {
        field("java.util.Collections", "r").set(null, new Random(entropy.number("Collections.shuffle")));
    }

    private void randomGenerators() throws ReflectiveOperationException {
        for (String name : COUNTED) {
            Class<?> type;
            try {
                type = Class.forName("jdk.random." + name);
            } catch (ClassNotFoundException e) {
                // The module is optional: who does not have it has no such generator.
                return;
            }
            for (Field field : type.getDeclaredFields()) {
                if (field.getType() == AtomicLong.class) {
                    field.setAccessible(true);
                    ((AtomicLong) field.get(null)).set(entropy.number(name));
                }
            }
        }
    }

    private void nativePrng() throws ReflectiveOperationException {
        for (String owner : List.of("NativePRNG", "NativePRNG$Blocking", "NativePRNG$NonBlocking")) {
            Object io = field(PROVIDER + owner, "INSTANCE").get(null);
            if (io == null) {
                continue;
            }
            Object lock = field(io.getClass(), "LOCK_GET_BYTES").get(io);
            synchronized (lock) {
                field(io.getClass(), "buffered").setInt(io, 0);
                byte[] next = (byte[]) field(io.getClass(), "nextBuffer").get(io);
                if (next != null) {
                    Arrays.fill(next, (byte) 0);
                }
            }
            Object mix = field(io.getClass(), "mixRandom").get(io);
            if (mix != null) {
                setSeed(mix, entropy.bytes(owner));
            }
        }
    }

    private void sha1Prng() throws ReflectiveOperationException {
        setSeed(field(PROVIDER + "SecureRandom$SeederHolder", "seeder").get(null), entropy.bytes("SHA1PRNG"));
    }

    private void drbg() throws ReflectiveOperationException {
        Object seeder = field(PROVIDER + "AbstractDrbg$SeederHolder", "seeder").get(null);
        // The source is a function over the one generator that seeds all the others.
        for (Field captured : seeder.getClass().getDeclaredFields()) {
            captured.setAccessible(true);
            Object first = captured.get(seeder);
            if (first != null && first.getClass().getName().startsWith(PROVIDER)) {
                setSeed(first, entropy.bytes("DRBG"));
                return;
            }
        }
        throw new NoSuchFieldException("the generator behind " + seeder.getClass());
    }

    private void secureRandomHolders() throws ReflectiveOperationException {
        for (String[] holder : new String[][] {
                {"java.util.UUID$Holder", "numberGenerator"}, {"sun.security.jca.JCAUtil", "def"},
                {"sun.security.jca.JCAUtil$CachedSecureRandomHolder", "instance"}, {"java.io.File$TempDirectory", "random"},
                {"java.nio.file.TempFileHelper", "random"}}) {
            if (field(holder[0], holder[1]).get(null) instanceof SecureRandom random) {
                random.setSeed(entropy.bytes(holder[0]));
            }
        }
    }

    private static void setSeed(Object engine, byte[] seed) throws ReflectiveOperationException {
        Method known = SEEDERS.get(engine.getClass());
        if (known != null) {
            known.invoke(engine, (Object) seed);
            return;
        }
        for (Class<?> type = engine.getClass(); type != null; type = type.getSuperclass()) {
            for (Method method : type.getDeclaredMethods()) {
                if (method.getName().equals("engineSetSeed") && method.getParameterTypes()[0] == byte[].class) {
                    method.setAccessible(true);
                    method.invoke(engine, (Object) seed);
                    SEEDERS.put(engine.getClass(), method);
                    return;
                }
            }
        }
        throw new NoSuchMethodException("engineSetSeed of " + engine.getClass());
    }

    private void counter(String owner, String name) throws ReflectiveOperationException {
        ((AtomicLong) field(owner, name).get(null)).set(entropy.number(owner));
    }

    private static Field field(String owner, String name) throws ReflectiveOperationException {
        Field known = FIELDS.get(owner + '.' + name);
        return known != null ? known : field(Class.forName(owner), name);
    }

    private static Field field(Class<?> owner, String name) throws ReflectiveOperationException {
        String key = owner.getName() + '.' + name;
        Field known = FIELDS.get(key);
        if (known == null) {
            known = owner.getDeclaredField(name);
            known.setAccessible(true);
            FIELDS.put(key, known);
        }
        return known;
    }

    private record Step(String name, Action action) {
    }

    private interface Action {
        void run() throws ReflectiveOperationException;
    }
}
