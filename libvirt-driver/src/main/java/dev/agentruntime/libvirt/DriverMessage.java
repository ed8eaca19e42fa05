package dev.agentruntime.libvirt;

import dev.agentruntime.log.LoggedMessage;
import java.util.logging.Logger;

/** Every message this driver logs: its text, what it means and what to do. Ids AGRT1000 to AGRT1999. */
enum DriverMessage implements LoggedMessage {
    HYPERVISOR_FOUND("AGRT1001I", "Virtual machines: %s",
            "The driver reached the hypervisor and found out how it can run guests.",
            "None. Where it says TCG, guests are emulated and slow: the text names the reason."),
    HYPERVISOR_LOST("AGRT1002W", "The hypervisor cannot be reached: %s",
            "libvirtd does not answer. Running VMs go on; no VM can be started until it answers again.",
            "Start libvirtd. The driver connects again by itself."),
    RECONNECTING("AGRT1003I", "The connection to %s was lost (%s); connecting again",
            "libvirtd was restarted or stopped.", "None."),
    HANDLE_NOT_FREED("AGRT1004W", "libvirt did not free its %s: %s",
            "A little memory stays taken until the server ends.", "None, unless it repeats: then report it."),
    SLOW_CREATE("AGRT1005W", "%s",
            "Creating a VM took far longer than it should.", "Do what the text says."),
    CLONING_FAILED("AGRT1006W", "Sessions of %s start by booting, which takes minutes under TCG: they cannot be cloned: %s",
            "Templates cannot be used on this host as it is: AppArmor or SELinux confines QEMU to files libvirt knows, or the disk is full.",
            "Do what the text says, or see docs/host-setup.md on AppArmor and SELinux. Cloning is tried again by itself."),
    TEMPLATE_CORRUPT("AGRT1007W", "The cached template %s is damaged (%s) and is built again",
            "A file of the template cache is not what was written.", "Check the disk when this repeats."),
    TEMPLATE_BUILT("AGRT1008I", "The %s template %s is ready after %s ms",
            "A memory template was built and cached.", "None."),
    TEMPLATE_DROPPED("AGRT1009I", "The cached template %s was dropped to make room",
            "The template cache had grown over its bound; the least recently used template went.", "None."),
    NO_PARTITION("AGRT1010W", "Sessions have no control group of their own: %s",
            "CPU is measured from the process; the last reading of a VM that is killed is the one before its death.",
            "For exact figures run the server as root with qemu:///system, and see to what the text names; see docs/host-setup.md."),
    LEFTOVER_REMOVED("AGRT1011I", "Removed what an earlier run had left: %s",
            "The server had ended without destroying its VMs.", "None."),
    PRUNED("AGRT1040I", "Removed what no server uses any more: %s",
            "A server on this state directory has ended for good, or uses another guest image now.", "None."),
    CLEANUP_FAILED("AGRT1012W", "Something is left of %s: %s",
            "A file, control group or process could not be removed.", "Remove what the text names."),
    VM_STARTED("AGRT1013I", "VM %s started as %s in %s ms (%s)",
            "A VM was started; the parts of the time are in parentheses.", "None."),
    VM_ADOPTED("AGRT1041I", "VM %s of an earlier run was taken up in %s ms (%s)",
            "The server has started again and goes on with the VM; the parts of the time are in parentheses.", "None."),
    VM_LEFT("AGRT1042I", "VM %s is left to the next run of this server",
            "The server stops. The VM goes on as it is, and uses CPU and memory, until the server starts again.",
            "None. To have VMs end with the server, set onStop=\"end\"."),
    VM_DIED("AGRT1014W", "VM %s ended by itself: %s",
            "The guest stopped or crashed, or QEMU was killed.", "The text says what was seen."),
    CACHE_NOT_KEPT("AGRT1015W", "The template cache could not be kept in order: %s",
            "A file of the cache could not be read or removed.", "Check the state directory's owner and space."),
    WAITING_FOR_TEMPLATE("AGRT1017I", "Waiting for another server that builds the same template (%s)",
            "Servers on one state directory build each template once.", "None."),
    RUNG_FAILED("AGRT1018W", "VMs cannot be kept %s for %s, which is left out for five minutes: %s",
            "A rung of the start ladder failed. The next one is taken; sessions start more slowly.", "Do what the text says; report it when it repeats."),
    START_REPEATED("AGRT1019W", "A VM died while it was started, and another is started in its place: %s",
            "QEMU was killed or crashed before the VM's guest answered.", "None, unless it repeats: then look at what the text says."),
    TURN_FAILED("AGRT1020E", "The VMs could not be measured or tidied up: %s",
            "An unexpected failure. It is tried again after some seconds.", "Report it when it repeats."),
    ENDED_LATER("AGRT1022W", "A VM could not be ended yet, which is tried again every few seconds: %s",
            "libvirtd does not answer, or a process, control group or file stays.", "None, unless it repeats: then remove what the text names."),
    WAR_USES_WHAT_IS_MISSING("AGRT1021W", "%s: %s",
            "The WAR uses what its guest does not have, as far as its classes and descriptors show: a feature of Jakarta EE or MicroProfile that no guest can have, a newer Java, or a persistence provider.",
            "What the text says; else do without it, or put a library with it into the WAR; docs/guest-platform.md lists what a guest can have."),
    NOT_LIMITED("AGRT1024W", "VMs are not limited in: %s",
            "The control groups of this host do not let these be limited. A guest that burns, or an emulator that was broken into, may take more of them than its part.",
            "Where a control group is missing, run the server as root with qemu:///system; see docs/host-setup.md. A limit that the kernel has no file for needs another kernel or its settings; I/O weights, for one, need the scheduler bfq or io.cost."),
    WEAK_CONFINEMENT("AGRT1025W", "The processes of VMs are less confined than they could be: %s",
            "Whoever breaks out of a guest into QEMU has what QEMU may do. Sessions are served all the same.",
            "What the text says, then restart libvirtd."),
    FEATURES_ADDED("AGRT1023I", "Agent runtime %s: its guest gets the features %s.",
            "The WAR, or whoever set up its agent runtime, asks for more of Jakarta EE and MicroProfile than every guest has. Beside each feature stands what asks for it.",
            "None. A feature that was not found can be named by the attribute features of the agent."),
    WAY_OUT_LOST("AGRT1030W", "VM %s lost its way out; the connections of its agent to the outside were reset: %s",
            "The second link to the guest, which carries what the agent asks of others, ended while the VM lives. Another is made when the agent connects anew. Its session goes on.",
            "None, unless it repeats: then the guest breaks the rules of the channel, as the text says."),
    NO_WAY_OUT("AGRT1031W", "VM %s got no way out; its agent's connections to the outside wait or fail: %s",
            "The agent wanted to connect to something outside, and the second link to its guest could not be made in time. The guest asks again.",
            "None, unless it repeats: then look whether the host is overloaded.");

    private static final Logger LOG = Logger.getLogger("dev.agentruntime.libvirt");

    private final Entry entry;

    DriverMessage(String id, String text, String explanation, String action) {
        entry = new Entry(id, text, explanation, action);
    }

    @Override
    public Entry entry() {
        return entry;
    }

    void log(Object... arguments) {
        log(LOG, arguments);
    }

    void log(Throwable cause, Object... arguments) {
        log(LOG, cause, arguments);
    }
}
