package dev.agentruntime.libvirt;

import dev.agentruntime.spi.HypervisorAwayException;
import dev.agentruntime.spi.NoRoomException;
import dev.agentruntime.spi.TemplateLostException;
import dev.agentruntime.spi.VmException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/**
 * A template from which VMs are started, as long as it is whole. A VM that dies while it starts is replaced once. A template
 * whose files turn out to be gone or damaged is dropped. Thread-safe.
 */
final class CloneSource implements AutoCloseable {

    private final TemplateStore store;
    private final TemplateStore.Pin pin;
    private final AtomicBoolean released = new AtomicBoolean();

    /** @param pin let go by {@link #close()} */
    CloneSource(TemplateStore store, TemplateStore.Pin pin) {
        this.store = store;
        this.pin = pin;
    }

    Template template() {
        return pin.template();
    }

    /**
     * Starts a VM.
     *
     * @param way starts one from the template
     * @throws TemplateLostException the template is gone or damaged, and dropped now
     */
    <V> V start(Function<Template, V> way) {
        try {
            return way.apply(pin.template());
        } catch (HypervisorAwayException | NoRoomException e) {
            throw e;
        } catch (DiedStartingException e) {
            requireWhole(TemplateFiles.loss(pin.template()), e);
            DriverMessage.START_REPEATED.log(e, e.getMessage());
            return again(way, e);
        } catch (VmException e) {
            requireWhole(TemplateFiles.loss(pin.template()), e);
            throw e;
        }
    }

    /** After two VMs in a row all of the template is read. */
    private <V> V again(Function<Template, V> way, VmException first) {
        try {
            return way.apply(pin.template());
        } catch (HypervisorAwayException | NoRoomException e) {
            throw e;
        } catch (VmException e) {
            e.addSuppressed(first);
            requireWhole(TemplateFiles.damage(pin.template()), e);
            throw e;
        }
    }

    private void requireWhole(Optional<String> damage, VmException failure) {
        if (damage.isPresent()) {
            drop(damage.get());
            throw new TemplateLostException("The template " + pin.template().directory() + " is damaged (" + damage.get()
                    + "), so no VM can be started from it. The agent has to be made ready anew", failure);
        }
    }

    /** Drops a template that does not work. */
    private void drop(String why) {
        DriverMessage.TEMPLATE_CORRUPT.log(pin.template().key(), why);
        store.discard(pin);
    }

    /**
     * Gives a template up from which no VM that works came. It is dropped when its files are damaged or nobody else uses it.
     *
     * @return whether it is dropped
     */
    boolean giveUp(String why) {
        if (TemplateFiles.loss(pin.template()).isPresent()) {
            drop(why);
            return true;
        }
        boolean dropped = store.discardUnlessShared(pin);
        if (dropped) {
            DriverMessage.TEMPLATE_CORRUPT.log(pin.template().key(), why);
        }
        return dropped;
    }

    @Override
    public void close() {
        if (released.compareAndSet(false, true)) {
            pin.close();
        }
    }
}
