package dev.agentruntime.liberty;

import dev.agentruntime.config.Names;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.management.DynamicMBean;
import javax.management.JMException;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

/**
 * The elements that stand at the top of server.xml and of the files that belong to it. Liberty passes over one that no feature has, without a word,
 * and hands it to nobody: all that is in it would bring about nothing. Liberty's own ServerXMLConfigurationMBean, which is a service too, tells
 * which files those are.
 */
final class TopElements {

    /** Of all rooms, those that are not installed too. */
    static final List<String> OURS = List.of("accessKey", "agentConsole", "agentRuntime", "agentRuntimeAccounting", "agentRuntimeControl", "agentRuntimeEgress",
            "agentRuntimeIdentity", "agentRuntimeInbound", "agentRuntimeLogs", "credentialProvider", "memory", "outbound");

    private static final Logger LOG = Logger.getLogger(TopElements.class.getName());
    private static final String BEAN = "(jmx.objectname=WebSphere:name=com.ibm.websphere.config.mbeans.ServerXMLConfigurationMBean)";
    /** Paths begin with a variable of Liberty's where they are below a folder of its. */
    private static final Pattern VARIABLE = Pattern.compile("^\\$\\{([^}]+)}/");
    private static final int TOP = 2;

    private TopElements() {}

    /** A sentence or two for each element that was probably meant to be one of ours; none where Liberty does not tell its files. */
    static List<String> problems(BundleContext context) {
        try {
            Collection<ServiceReference<DynamicMBean>> beans = context.getServiceReferences(DynamicMBean.class, BEAN);
            List<Path> files = new ArrayList<>();
            for (ServiceReference<DynamicMBean> bean : beans) {
                files.addAll(files(paths(context, bean), context::getProperty));
            }
            return problems(files);
        } catch (InvalidSyntaxException | JMException | RuntimeException e) {
            LOG.log(Level.FINE, e, () -> "The names of the elements in server.xml are not looked at.");
            return List.of();
        }
    }

    private static Collection<?> paths(BundleContext context, ServiceReference<DynamicMBean> reference) throws JMException {
        DynamicMBean bean = context.getService(reference);
        try {
            return bean != null && bean.invoke("fetchConfigurationFilePaths", new Object[0], new String[0]) instanceof Collection<?> all ? all : List.of();
        } finally {
            context.ungetService(reference);
        }
    }

    /** @param variables those of Liberty; null of one that there is not */
    static List<Path> files(Collection<?> paths, Function<String, String> variables) {
        return paths.stream().map(String::valueOf).flatMap(path -> file(path, variables).stream()).filter(Files::isRegularFile).sorted().distinct().toList();
    }

    private static Optional<Path> file(String path, Function<String, String> variables) {
        Matcher variable = VARIABLE.matcher(path);
        try {
            return variable.find() ? Optional.ofNullable(variables.apply(variable.group(1))).map(folder -> Path.of(folder, path.substring(variable.end())))
                    : Optional.of(Path.of(path));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    static List<String> problems(List<Path> files) {
        return files.stream().flatMap(file -> names(file).distinct().filter(TopElements::isProbablyOurs).map(name -> file.getFileName() + " has <" + name
                + ">, which nobody reads." + Names.near(name, OURS).map(meant -> " Did you mean <" + meant + ">?").orElse("") + " Correct the name or take it out."))
                .toList();
    }

    private static boolean isProbablyOurs(String name) {
        return !OURS.contains(name) && (Names.near(name, OURS).isPresent() || name.toLowerCase(Locale.ROOT).startsWith("agentruntime"));
    }

    /** Of a file that cannot be read Liberty tells itself. */
    private static Stream<String> names(Path file) {
        List<String> names = new ArrayList<>();
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        try (InputStream in = Files.newInputStream(file)) {
            XMLStreamReader xml = factory.createXMLStreamReader(in);
            int depth = 0;
            while (xml.hasNext()) {
                int event = xml.next();
                if (event == XMLStreamConstants.START_ELEMENT && ++depth == TOP) {
                    names.add(xml.getLocalName());
                } else if (event == XMLStreamConstants.END_ELEMENT) {
                    depth--;
                }
            }
        } catch (IOException | XMLStreamException e) {
            LOG.log(Level.FINE, e, () -> file + " could not be read");
        }
        return names.stream();
    }
}
