package dev.agentruntime.libvirt;

import dev.agentruntime.libvirt.Machine.Ram;

/**
 * How much memory an emulated VM may keep of code that QEMU has translated. TCG would otherwise take up to a quarter of the host's memory
 * for each. A full cache is emptied, and all that runs is translated anew: a quarter of a second if that falls into a first answer.
 */
final class TranslationCache {

    /** A primed VM of an agent that uses what every guest has fills 35 MiB. */
    static final int USUAL_MIB = 48;

    /** One whose WAR brings more of Open Liberty's features runs more code. */
    static final int WITH_FEATURES_MIB = 128;

    /** A VM that writes a template starts servers and applications once and is gone then. With 48, a large WAR took twice as long. */
    static final int TEMPLATE_MIB = 256;

    private TranslationCache() {}

    static int mib(Ram ram, boolean addsFeatures) {
        if (ram instanceof Ram.Shared) {
            return TEMPLATE_MIB;
        }
        return ram instanceof Ram.Anonymous || addsFeatures ? WITH_FEATURES_MIB : USUAL_MIB;
    }
}
