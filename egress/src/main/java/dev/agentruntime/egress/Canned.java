package dev.agentruntime.egress;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.nio.charset.StandardCharsets;

/** Answers a stream that is not taken, without looking at what the guest asks. */
final class Canned {

    private Canned() {}

    static void refuse(Channel channel, EventLoop loop, Refusal refusal, boolean speaksHttp) {
        loop.register(channel);
        if (!speaksHttp) {
            channel.close();
            return;
        }
        byte[] body = (refusal.sentence() + "\n").getBytes(StandardCharsets.UTF_8);
        String head = "HTTP/1.1 " + refusal.status().code() + " " + refusal.status().reasonPhrase() + "\r\ncontent-type: text/plain;"
                + " charset=utf-8\r\ncontent-length: " + body.length + "\r\nconnection: close\r\n\r\n";
        channel.write(Unpooled.wrappedBuffer(head.getBytes(StandardCharsets.US_ASCII), body));
        Farewell.bid(channel);
    }
}
