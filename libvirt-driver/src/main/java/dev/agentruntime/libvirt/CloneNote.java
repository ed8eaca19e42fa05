package dev.agentruntime.libvirt;

import java.io.IOException;
import java.util.Optional;

/**
 * What a later run of the server has to know of a clone to put it on the disk: only what it does not have in common with its template is
 * written then.
 *
 * @param template     the key of the template
 * @param imprint      of the template as it was; one that was made anew under the same key has another
 * @param vcpus        the guest's processors
 * @param hearsItsEnd  whether its agent may do something at the end of its session
 * @param addsFeatures whether its server has features besides those of every guest
 * @param hostName     what its guest is called, where that is not the VM's name
 */
record CloneNote(String template, String imprint, int vcpus, boolean hearsItsEnd, boolean addsFeatures, Optional<String> hostName) {

    /** Empty where the template cannot be looked at: such a clone stays in memory when the server has started again. */
    static Optional<CloneNote> of(Template template, GuestPlan plan, Optional<String> hostName) {
        try {
            return Optional.of(new CloneNote(template.key(), TemplateFiles.imprint(template), plan.vcpus(), plan.hearsItsEnd(), plan.addsFeatures(), hostName));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
