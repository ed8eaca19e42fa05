package dev.agentruntime.egress;

import io.netty.handler.codec.http.HttpRequest;

/** Decides what is done with each request of one stream. Does not block. */
@FunctionalInterface
interface Router {
    Plan plan(HttpRequest request);
}
