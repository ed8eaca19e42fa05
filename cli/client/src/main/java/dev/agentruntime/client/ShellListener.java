package dev.agentruntime.client;

/** Is told what a shell shows, and how it ends. Its methods are called one after another, on threads of the HTTP client. */
public interface ShellListener {

    /** The shell is there. {@code dropped} bytes of what it said while nobody was connected are lost. */
    void connected(String shellId, boolean again, long dropped);

    void output(byte[] bytes);

    /** The shell has ended by itself. */
    void exited(int exitCode);

    /** The connection has ended, without the shell having done so; {@code why} is a sentence. */
    void disconnected(String why);
}
