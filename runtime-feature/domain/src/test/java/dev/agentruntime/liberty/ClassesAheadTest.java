package dev.agentruntime.liberty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.wiring.BundleWiring;

class ClassesAheadTest {

    /** Loaded by nobody else. */
    static final class Sample {
        private Sample() {}
    }

    static final class Broken {
        static final int NEVER = fail();

        private static int fail() {
            throw new IllegalStateException("no");
        }
    }

    private final List<String> defined = new CopyOnWriteArrayList<>();
    private final ClassLoader loader = new ClassLoader(getClass().getClassLoader()) {
        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith("dev.agentruntime.liberty.ClassesAheadTest$") || findLoadedClass(name) != null) {
                return super.loadClass(name, resolve);
            }
            try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] bytes = in.readAllBytes();
                defined.add(name);
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    };

    private static String path(Class<?> type) {
        return type.getName().replace('.', '/') + ".class";
    }

    @Test
    void classesAreLoadedByTheirBundlesLoader() {
        assertThat(ClassesAhead.load(loader, List.of(path(Sample.class)))).isEqualTo(1);
        assertThat(defined).containsExactly(Sample.class.getName());
    }

    @Test
    void oneThatIsNotThereOrCannotBeInitializedKeepsNoOtherFromBeingLoaded() {
        assertThat(ClassesAhead.load(loader, List.of("dev/agentruntime/Nowhere.class", path(Broken.class), path(Sample.class)))).isEqualTo(1);
        assertThat(defined).containsExactly(Broken.class.getName(), Sample.class.getName());
    }

    @Test
    void onlyThePlatformsOwnBundlesAreLookedAtAndOnAnotherThread() {
        List<String> asked = new ArrayList<>();
        List<Bundle> bundles = List.of(bundle("com.ibm.ws.webcontainer", asked), bundle("agent-runtime-domain", asked), bundle("dev.agentruntime.libvirt", asked));
        ClassesAhead.begin(answering(BundleContext.class, Map.of("getBundles", bundles.toArray(new Bundle[0]))));
        await().until(() -> defined.contains(Sample.class.getName()));
        assertThat(asked).containsExactly("agent-runtime-domain");
    }

    @Test
    void aBundleThatIsUninstalledMeanwhileHasNoLoaderAndNothingIsLoaded() {
        BundleWiring gone = answering(BundleWiring.class, Map.of("listResources", List.of(path(Sample.class))));
        Bundle bundle = answering(Bundle.class, Map.of("getSymbolicName", "agent-runtime-store", "adapt", gone));
        ClassesAhead.begin(answering(BundleContext.class, Map.of("getBundles", new Bundle[] {bundle})));
        await().until(() -> Thread.getAllStackTraces().keySet().stream().noneMatch(thread -> thread.getName().equals("agent-runtime-classes")));
        assertThat(defined).isEmpty();
    }

    private Bundle bundle(String name, List<String> asked) {
        BundleWiring wiring = answering(BundleWiring.class, Map.of("getClassLoader", loader, "listResources", List.of(path(Sample.class))));
        return (Bundle) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {Bundle.class}, (proxy, method, arguments) -> {
            if (method.getName().equals("adapt")) {
                asked.add(name);
                return wiring;
            }
            return method.getName().equals("getSymbolicName") ? name : null;
        });
    }

    /** Whose methods return what is said, and null otherwise. */
    private static <T> T answering(Class<T> type, Map<String, Object> answers) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> answers.get(method.getName())));
    }
}
