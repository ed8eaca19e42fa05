package dev.agentruntime.examples.hello;

/**
 * What the agent answers.
 *
 * @param greeting  the greeting
 * @param call      the number of this call in its session, from 1
 * @param sessionId the session
 * @param hostName  the name of the machine the agent runs in, now
 * @param bootId    the kernel's boot id; the same in all clones of one template
 * @param uuid      a random UUID; never the same twice, in whatever session
 */
public record Reply(String greeting, long call, String sessionId, String hostName, String bootId, String uuid) {
}
