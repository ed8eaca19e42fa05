package dev.agentruntime.examples.orders;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.EntityTransaction;
import jakarta.persistence.Persistence;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * The database and a pool of connections to it. Its settings, with the password, are read when it is made: inject it as
 * {@code Instance<Database>}, which makes it at the session's first use and not in what all sessions begin with. The pool is the WAR's
 * own, as is the driver: Open Liberty takes the drivers of its data sources from libraries of the server only.
 */
@ApplicationScoped
public class Database {

    private HikariDataSource pool;
    private EntityManagerFactory factory;

    @PostConstruct
    void open() {
        Config config = ConfigProvider.getConfig();
        HikariConfig settings = new HikariConfig();
        settings.setDriverClassName("org.postgresql.Driver");
        settings.setJdbcUrl(config.getOptionalValue("orders.db.url", String.class).orElse("jdbc:postgresql://orders-db.outbound:5432/orders"));
        settings.setUsername(config.getOptionalValue("orders.db.user", String.class).orElse("orders"));
        settings.setPassword(config.getOptionalValue("orders.db.password", String.class).orElse(""));
        settings.setMaximumPoolSize(4);
        settings.setMinimumIdle(0);
        settings.setIdleTimeout(Duration.ofMinutes(1).toMillis());
        settings.setConnectionTimeout(Duration.ofSeconds(10).toMillis());
        pool = new HikariDataSource(settings);
        factory = Persistence.createEntityManagerFactory("orders", Map.of("jakarta.persistence.nonJtaDataSource", pool,
                // not in persistence.xml, or Open Liberty would look for a database as soon as it starts the application
                "jakarta.persistence.schema-generation.database.action", "create"));
    }

    @PreDestroy
    void close() {
        factory.close();
        pool.close();
    }

    /** Does the work in one transaction, which does not happen if the work throws. */
    public <T> T inTransaction(Function<EntityManager, T> work) {
        try (EntityManager entities = factory.createEntityManager()) {
            EntityTransaction transaction = entities.getTransaction();
            transaction.begin();
            try {
                T result = work.apply(entities);
                transaction.commit();
                return result;
            } catch (RuntimeException e) {
                rollBack(transaction, e);
                throw e;
            }
        }
    }

    private static void rollBack(EntityTransaction transaction, RuntimeException reason) {
        try {
            if (transaction.isActive()) {
                transaction.rollback();
            }
        } catch (RuntimeException e) {
            // over a connection that has died; the reason says so
            reason.addSuppressed(e);
        }
    }
}
