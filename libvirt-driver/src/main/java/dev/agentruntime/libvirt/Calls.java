package dev.agentruntime.libvirt;

import dev.agentruntime.spi.HypervisorAwayException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.libvirt.LibvirtException;

/** Makes calls over the connection there is, each within its limit, and has a connection that does not serve given up. Thread-safe. */
final class Calls {

    private final Connector connector;
    private final CallLimits limits;

    Calls(Connector connector, CallLimits limits) {
        this.connector = connector;
        this.limits = limits;
    }

    /** A call did not reach libvirtd, or its answer was lost. */
    static final class LostException extends Exception {
        private static final long serialVersionUID = 1L;

        LostException(LibvirtException cause) {
            super(cause.getMessage(), cause);
        }

        @Override
        public synchronized LibvirtException getCause() {
            return (LibvirtException) super.getCause();
        }
    }

    /**
     * Makes a call; waits for a connection when there is none.
     *
     * @param action what the call does, such as "Looking at the VM a"
     * @throws HypervisorAwayException there is no connection, the call did not return within its limit, or it was not waited for
     * @throws LostException           the connection broke; the call may have been carried out or not
     */
    <T> T make(String action, Duration limit, Line.Call<T> call) throws LibvirtException, LostException {
        while (true) {
            Line line = connector.line();
            AtomicBoolean lost = new AtomicBoolean();
            try {
                return line.call(limit, connection -> watched(connection, call, lost));
            } catch (Line.ClosedException e) {
                // Somebody else found it broken a moment ago: the next one is waited for.
            } catch (TimeoutException e) {
                throw late(line, action, limit, e);
            } catch (InterruptedException e) {
                // The call goes on, and nothing is known to be wrong with what it concerns.
                Thread.currentThread().interrupt();
                throw new HypervisorAwayException(action + " was interrupted", e);
            } catch (OutOfMemoryError e) {
                throw new HypervisorAwayException(action + " failed: there is no thread or no memory left for it (" + e.getMessage()
                        + "). Raise the limit of the server's threads", e);
            } catch (LibvirtException e) {
                if (lost.get()) {
                    connector.giveUp(line, e.getMessage());
                    throw new LostException(e);
                }
                throw e;
            }
        }
    }

    /** Whether the connection lives is asked while the call still holds it: afterwards somebody else may be freeing it. */
    private static <T> T watched(HypervisorConnection connection, Line.Call<T> call, AtomicBoolean lost) throws LibvirtException {
        try {
            return call.on(connection);
        } catch (LibvirtException e) {
            lost.set(LibvirtErrors.connectionLost(e) || !connection.alive());
            throw e;
        }
    }

    /** A call about one VM may hang because of this VM alone; libvirtd is away only where it answers nothing else either. */
    private HypervisorAwayException late(Line line, String action, Duration limit, TimeoutException cause) {
        String late = " failed: no answer within " + limit.toMillis() / 1000.0 + " s. ";
        if (answers(line)) {
            return new HypervisorAwayException(action + late + "libvirtd answers other questions, so it waits for QEMU: is QEMU stopped,"
                    + " or the host overloaded?", cause);
        }
        connector.giveUp(line, "it does not answer");
        return new HypervisorAwayException(action + late + "libvirtd answers nothing: is it stopped, or the host overloaded?"
                + " Restart it when it stays so; running VMs go on", cause);
    }

    private boolean answers(Line line) {
        try {
            line.call(limits.probe(), HypervisorConnection::ping);
            return true;
        } catch (LibvirtException | TimeoutException | Line.ClosedException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
