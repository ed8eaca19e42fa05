package dev.agentruntime.spi;

/**
 * The files of a template are gone or damaged, so no VM can be started from it any more. Nothing was started. The driver has
 * dropped the template: close it and prepare the agent anew, which builds it again. VMs that were started from it go on
 * where they can.
 */
public final class TemplateLostException extends VmException {

    public TemplateLostException(String message) {
        super(message);
    }

    public TemplateLostException(String message, Throwable cause) {
        super(message, cause);
    }
}
