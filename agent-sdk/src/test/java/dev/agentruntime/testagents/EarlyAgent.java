package dev.agentruntime.testagents;

import dev.agentruntime.sdk.AgentEntrypoint;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;

/** A bean that takes long to be made, as does what it needs. */
@ApplicationScoped
public class EarlyAgent {

    /** Needed by the agent. */
    @ApplicationScoped
    public static class Shelf {

        @Inject
        private Boards boards;

        @PostConstruct
        void build() {
            System.out.println("the shelf is made");
        }

        /** Never called by a container. */
        public String name() {
            return "shelf of " + boards.name();
        }
    }

    /** Needed by what the agent needs; needs the agent itself. */
    @ApplicationScoped
    public static class Boards {

        @Inject
        private EarlyAgent agent;

        @PostConstruct
        void saw() {
            System.out.println("the boards are made");
        }

        /** Never called by a container. */
        public String name() {
            return agent == null ? "nothing" : "boards";
        }
    }

    /** Asked for when it is needed. */
    @ApplicationScoped
    public static class Lamp {

        @PostConstruct
        void light() {
            System.out.println("the lamp is made");
        }

        /** Never called by a container. */
        public String name() {
            return "lamp";
        }
    }

    @Inject
    private Shelf shelf;

    @Inject
    private Instance<Lamp> lamp;

    @PostConstruct
    void start() {
        System.out.println("the agent is made");
    }

    /** The answer shows that all of it can be called. */
    @AgentEntrypoint
    public String invoke() {
        return shelf.name() + " and " + lamp.get().name();
    }
}
