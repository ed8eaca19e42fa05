package dev.agentruntime.sdk;

/**
 * How the platform's agent in the guest reaches an application's hooks: registered in the platform MBean server as
 * {@code dev.agentruntime:type=Hooks,id=n} by every application that has any, until it stops. All hooks run even if one
 * fails; then the operation throws, and its message names the methods that failed.
 */
public interface HooksMBean {

    /** Runs every {@link BeforeSnapshot} method. Blocks until all have returned. */
    void beforeSnapshot();

    /** Runs every {@link AfterRestore} method. Blocks until all have returned. */
    void afterRestore(String sessionId);

    /** Runs every {@link BeforeEnd} method. Blocks until all have returned. */
    void beforeEnd();
}
