package dev.agentruntime.libvirt;

import dev.agentruntime.spi.HypervisorAwayException;
import dev.agentruntime.spi.VmException;
import java.time.Duration;
import org.libvirt.Error.ErrorDomain;
import org.libvirt.Error.ErrorNumber;
import org.libvirt.LibvirtException;

/** Says in a sentence what a libvirt error means and what to do about it. */
final class LibvirtErrors {

    /** A create that takes longer than this means that libvirt asked QEMU anew what it can do. */
    static final Duration SLOW_CREATE = Duration.ofSeconds(10);

    private static final String CONFINED = "AppArmor or SELinux probably keeps QEMU from its files: see docs/host-setup.md on the rules that it needs";

    private LibvirtErrors() {}

    /** The exception for {@code action} on {@code object} having failed with {@code e}; says whether trying again may help. */
    static VmException explain(String action, String object, LibvirtException e) {
        return transitory(e) ? lost(action, object, e) : new VmException(sentence(action, object, e), e);
    }

    /** As {@link #explain} for a call whose answer was lost with the connection, whatever the error's code. */
    static HypervisorAwayException lost(String action, String object, LibvirtException e) {
        return new HypervisorAwayException(sentence(action, object, e), e);
    }

    private static String sentence(String action, String object, LibvirtException e) {
        String fix = confined(e) ? CONFINED : fix(code(e));
        return action + " " + object + " failed: " + message(e) + (fix.isEmpty() ? "" : ". " + fix);
    }

    /** Whether nothing is wrong with what was asked: libvirtd is away, or something else holds the VM for the moment. */
    private static boolean transitory(LibvirtException e) {
        return connectionLost(e) || switch (code(e)) {
            case VIR_ERR_OPERATION_TIMEOUT, VIR_ERR_RESOURCE_BUSY -> true;
            default -> false;
        };
    }

    /** Whether the kernel refused QEMU the memory it asked for. */
    static boolean noMemory(LibvirtException e) {
        return code(e) == ErrorNumber.VIR_ERR_NO_MEMORY || message(e).contains("Cannot allocate memory");
    }

    /** Whether QEMU's process may not do with a file, such as its monitor's socket, what its user may. */
    private static boolean confined(LibvirtException e) {
        return code(e) == ErrorNumber.VIR_ERR_INTERNAL_ERROR && message(e).contains("Permission denied")
                && (message(e).contains("Failed to bind socket") || message(e).contains("can't open backing store"));
    }

    /** Whether the call may never have reached libvirtd, or its answer was lost: libvirtd has gone away. */
    static boolean connectionLost(LibvirtException e) {
        return e.getError() != null
                && switch (code(e)) {
                    case VIR_ERR_RPC, VIR_ERR_NO_CONNECT, VIR_ERR_INVALID_CONN -> true;
                    case VIR_ERR_INTERNAL_ERROR, VIR_ERR_SYSTEM_ERROR ->
                        e.getError().getDomain() == ErrorDomain.VIR_FROM_RPC;
                    default -> false;
                };
    }

    /** Whether libvirt does not know the domain. */
    static boolean noDomain(LibvirtException e) {
        return code(e) == ErrorNumber.VIR_ERR_NO_DOMAIN;
    }

    /** Whether the domain is not in a state for what was asked: it has stopped, or it already is where it should be. */
    static boolean wrongState(LibvirtException e) {
        return code(e) == ErrorNumber.VIR_ERR_OPERATION_INVALID;
    }

    /** What to do about an error of this code; empty where libvirt's own message is all there is. */
    static String fix(ErrorNumber code) {
        return switch (code) {
            case VIR_ERR_NO_CONNECT, VIR_ERR_SYSTEM_ERROR, VIR_ERR_RPC ->
                "Is libvirtd running? Start it (systemctl start libvirtd, or bin/libvirtd-tcg.sh where there is no systemd)";
            case VIR_ERR_AUTH_FAILED, VIR_ERR_AUTH_CANCELLED, VIR_ERR_AUTH_UNAVAILABLE, VIR_ERR_OPERATION_DENIED, VIR_ERR_ACCESS_DENIED ->
                "This user may not use that hypervisor: run the server as root, or set hypervisor=\"qemu:///session\"";
            case VIR_ERR_CONFIG_UNSUPPORTED, VIR_ERR_NO_KERNEL, VIR_ERR_OS_TYPE, VIR_ERR_NO_SUPPORT, VIR_ERR_ARGUMENT_UNSUPPORTED ->
                "This QEMU or libvirt is too old or lacks the part: QEMU 7.2 and libvirt 9.0 or later are needed, with qemu-system-x86_64 installed";
            case VIR_ERR_XML_ERROR, VIR_ERR_XML_DETAIL, VIR_ERR_XML_INVALID_SCHEMA, VIR_ERR_PARSE_FAILED ->
                "This is a bug in the driver, or a libvirt it does not know: please report it with libvirt's version";
            case VIR_ERR_NO_MEMORY -> "The host is out of memory: end sessions, or give agents less memory";
            case VIR_ERR_OPERATION_TIMEOUT, VIR_ERR_RESOURCE_BUSY ->
                "Another operation holds the VM, or the host is overloaded: try again";
            case VIR_ERR_DOM_EXIST -> "A VM of that name is there already, which chance makes all but impossible: try again";
            default -> "";
        };
    }

    /** What to say about a create that took {@code took}; empty when it was quick enough. Where KVM runs guests, hiding it would be bad advice. */
    static String slowCreate(Duration took, Acceleration acceleration) {
        if (took.compareTo(SLOW_CREATE) <= 0) {
            return "";
        }
        String causes = switch (acceleration) {
            case KVM -> "The host is overloaded, or compiles AppArmor's profile of the VM slowly; or libvirt asks QEMU anew each time what it can do,"
                    + " because the QEMU binary was changed after libvirtd had started: then restart libvirtd";
            case TCG -> "It probably asks QEMU anew each time what it can do, because /dev/kvm is there but cannot run a guest, or because the QEMU"
                    + " binary was changed after libvirtd had started. Hide /dev/kvm from libvirtd (bin/libvirtd-tcg.sh does) or restart libvirtd."
                    + " Where neither is so, the host is overloaded, or compiles AppArmor's profile of the VM slowly";
        };
        return "libvirt took " + took.toSeconds() + " s to create a VM. " + causes;
    }

    private static ErrorNumber code(LibvirtException e) {
        return e.getError() == null || e.getError().getCode() == null ? ErrorNumber.VIR_ERR_UNKNOWN : e.getError().getCode();
    }

    /** libvirt's own words, without a full stop. */
    static String message(LibvirtException e) {
        String text = e.getMessage() == null ? "libvirt gave no reason" : e.getMessage().strip();
        return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    }
}
