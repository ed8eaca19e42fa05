package dev.agentruntime.tests;

import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.asset.EmptyAsset;
import org.jboss.shrinkwrap.api.spec.WebArchive;

/** Packs the ordinary application. */
final class Neighbours {

    private Neighbours() {}

    static WebArchive war() {
        return ShrinkWrap.create(WebArchive.class, "neighbour.war").addClasses(Neighbour.class, Neighbour.Greeter.class)
                .addAsWebInfResource(EmptyAsset.INSTANCE, "beans.xml");
    }
}
