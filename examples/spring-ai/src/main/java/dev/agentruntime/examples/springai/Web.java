package dev.agentruntime.examples.springai;

import org.springframework.web.servlet.support.AbstractAnnotationConfigDispatcherServletInitializer;

/** Puts Spring MVC into whatever servlet container the WAR lies in. */
public final class Web extends AbstractAnnotationConfigDispatcherServletInitializer {

    @Override
    protected Class<?>[] getRootConfigClasses() {
        return new Class<?>[0];
    }

    @Override
    protected Class<?>[] getServletConfigClasses() {
        return new Class<?>[] {Beans.class};
    }

    @Override
    protected String[] getServletMappings() {
        return new String[] {"/"};
    }
}
