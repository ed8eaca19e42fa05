package dev.agentruntime.sdk;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.spi.Contextual;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.spi.AnnotatedType;
import jakarta.enterprise.inject.spi.Bean;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.enterprise.inject.spi.InjectionPoint;
import java.lang.annotation.Annotation;
import java.util.HashSet;
import java.util.Set;

/** Makes application-scoped beans before anybody calls them: CDI itself waits for the first call. */
final class EarlyBeans {

    private final BeanManager manager;
    private final Set<Bean<?>> seen = new HashSet<>();

    EarlyBeans(BeanManager manager) {
        this.manager = manager;
    }

    /** What objects of this class need comes first, then the bean itself. */
    <T> void makeFor(Class<T> type) {
        Set<Bean<?>> beans = manager.getBeans(type, Any.Literal.INSTANCE);
        beans.stream().filter(bean -> bean.getBeanClass() == type).findFirst().ifPresentOrElse(this::make, () -> {
            AnnotatedType<T> annotated = manager.createAnnotatedType(type);
            manager.getInjectionTargetFactory(annotated).createInjectionTarget(null).getInjectionPoints().forEach(this::makeFor);
        });
    }

    private void makeFor(InjectionPoint point) {
        // Only classes of the application: what else can be injected is the container's, or is asked for when it is needed.
        Set<Bean<?>> candidates = manager.getBeans(point.getType(), point.getQualifiers().toArray(Annotation[]::new));
        if (!candidates.isEmpty()) {
            make(manager.resolve(candidates));
        }
    }

    private <T> void make(Bean<T> bean) {
        if (!seen.add(bean)) {
            return;
        }
        bean.getInjectionPoints().forEach(this::makeFor);
        if (bean.getScope() == ApplicationScoped.class) {
            Contextual<T> contextual = bean;
            manager.getContext(ApplicationScoped.class).get(contextual, manager.createCreationalContext(contextual));
        }
    }
}
