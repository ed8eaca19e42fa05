package dev.agentruntime.api;

/** The identities that agent runtimes have. A room registers this as an OSGi service; where there is none, they have none. Thread-safe. */
@FunctionalInterface
public interface WorkloadIdentities {

    /** The ARN of the identity of an agent runtime, which is there while that is. Does not block. */
    String arn(String runtime);
}
