package dev.agentruntime.features;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names of classes of the platform in the texts of a class file. */
final class ClassNames {
    /** In characters; no class of the platform has a longer name. */
    static final int LONGEST = 255;
    /** They stand with slashes, alone or in descriptors and signatures. */
    private static final Pattern NAME = Pattern.compile("(?:^|[^\\w/$.])L?((?:jakarta|javax|org/eclipse/microprofile|io/opentelemetry)/[\\w/$]+)");

    private ClassNames() {
    }

    /** All that are mentioned, with dots. */
    static Set<String> in(List<String> texts) {
        Set<String> names = new TreeSet<>();
        for (String text : texts) {
            Matcher matcher = NAME.matcher(text);
            while (matcher.find()) {
                if (matcher.end(1) - matcher.start(1) <= LONGEST) {
                    names.add(matcher.group(1).replace('/', '.'));
                }
            }
        }
        return names;
    }

    /** Whether a package, named with dots, may be one of the platform. */
    static boolean isOfPlatform(String packageName) {
        return packageName.length() <= LONGEST && NAME.matcher(packageName.replace('.', '/')).matches();
    }

    static String packageOf(String className) {
        int dot = className.lastIndexOf('.');
        return dot < 0 ? "" : className.substring(0, dot);
    }
}
