package dev.agentruntime.egress;

import dev.agentruntime.net.Texts;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.util.ReferenceCountUtil;
import java.util.Optional;

/** The end of a connection to an upstream that serves one exchange after the other. Whatever comes in between ends it. */
final class HttpBack extends ChannelInboundHandlerAdapter {

    private Optional<Exchange> served = Optional.empty();

    void serve(Exchange exchange) {
        served = Optional.of(exchange);
    }

    void rest() {
        served = Optional.empty();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (served.isEmpty()) {
            ReferenceCountUtil.release(message);
            context.close();
            return;
        }
        Exchange exchange = served.get();
        if (message instanceof HttpObject object && object.decoderResult().isFailure()) {
            ReferenceCountUtil.release(message);
            exchange.backFailed("it sent no proper HTTP/1.1: " + Texts.shown(String.valueOf(object.decoderResult().cause().getMessage())));
        } else if (message instanceof HttpResponse head) {
            exchange.responseHead(head);
        } else {
            exchange.responseContent((HttpContent) message);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        Optional<Exchange> exchange = served;
        rest();
        exchange.ifPresent(one -> one.backFailed("it ended the connection"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        Optional<Exchange> exchange = served;
        rest();
        exchange.ifPresent(one -> one.backFailed(Texts.shown(String.valueOf(cause.getMessage()))));
        context.close();
    }
}
