/**
 * Many byte streams over one byte channel, written once for both ends: yamux frames behind a hello that finds its way
 * back after any interruption. {@link dev.agentruntime.channel.HostLink} is the host's end,
 * {@link dev.agentruntime.channel.GuestLink} the guest's, {@link dev.agentruntime.channel.ControlMessage} what the two
 * say to each other on a control stream.
 */
package dev.agentruntime.channel;
