package dev.agentruntime.egress;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.CombinedChannelDuplexHandler;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.flow.FlowControlHandler;
import java.util.List;

/** Netty's readers and writers of HTTP/1.1 as strict as they go, with every limit set. */
final class HttpEnds {

    private static final int LINE_BYTES = 16 * 1024;
    private static final int CHUNK_BYTES = 64 * 1024;

    private HttpEnds() {}

    /** The end that faces the guest. */
    static final class Guest extends CombinedChannelDuplexHandler<HttpRequestDecoder, HttpResponseEncoder> {

        private boolean head;

        Guest(int headerBytes) {
            init(new StrictDecoder(config(headerBytes)), new HttpResponseEncoder() {
                @Override
                protected boolean isContentAlwaysEmpty(HttpResponse response) {
                    return head || super.isContentAlwaysEmpty(response);
                }
            });
        }

        /** Whether the next answer is one to HEAD, which has no body whatever its headers say. */
        void answersHead(boolean toHead) {
            head = toHead;
        }
    }

    /** The end that faces the upstream, which reads one message at a time. */
    static List<ChannelHandler> upstream(int headerBytes) {
        return List.of(new HttpClientCodec(config(headerBytes), false, true), new OneByOne(), new HttpBack());
    }

    /** The company's proxy may have one of its own before it. */
    private static final class OneByOne extends FlowControlHandler {}

    /** What is written to the upstream from here on is not HTTP any more. */
    static void writeBytes(ChannelPipeline pipeline) {
        if (pipeline.get(HttpClientCodec.class) != null) {
            pipeline.get(HttpClientCodec.class).removeOutboundHandler();
        }
    }

    /** What comes from the upstream from here on is not HTTP any more; bytes that were read already go on to whoever stands behind. */
    static void readBytes(ChannelPipeline pipeline) {
        if (pipeline.get(HttpClientCodec.class) != null) {
            pipeline.remove(HttpBack.class);
            pipeline.remove(OneByOne.class);
            pipeline.remove(HttpClientCodec.class);
        }
    }

    private static HttpDecoderConfig config(int headerBytes) {
        return new HttpDecoderConfig().setMaxInitialLineLength(LINE_BYTES).setMaxHeaderSize(headerBytes).setMaxChunkSize(CHUNK_BYTES)
                .setValidateHeaders(true).setAllowDuplicateContentLengths(false).setAllowPartialChunks(true).setStrictLineParsing(true);
    }

    /** Refuses a request that two readers could take for two different ones. */
    private static final class StrictDecoder extends HttpRequestDecoder {

        private boolean changes;

        StrictDecoder(HttpDecoderConfig config) {
            super(config);
        }

        /** What follows may not be HTTP any more, also where the guest does not wait for the answer. */
        @Override
        protected void decode(ChannelHandlerContext context, ByteBuf bytes, List<Object> out) throws Exception {
            if (!changes) {
                super.decode(context, bytes, out);
                changes = out.stream().anyMatch(message -> message instanceof HttpRequest request
                        && (request.method().equals(HttpMethod.CONNECT) || Heads.asksForWebSocket(request)));
            }
        }

        @Override
        protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
            throw new IllegalArgumentException("Both Content-Length and Transfer-Encoding");
        }
    }
}
