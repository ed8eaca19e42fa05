package dev.agentruntime.egress;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.channel.CombinedChannelDuplexHandler;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpHeadersFactory;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectDecoder;
import io.netty.handler.codec.http.HttpObjectEncoder;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.flow.FlowControlHandler;
import java.util.List;

/** Netty's readers and writers of HTTP/1.1 as strict as they go, with every limit set. */
final class HttpEnds {

    private static final int LINE_BYTES = 16 * 1024;
    private static final int CHUNK_BYTES = 16 * 1024;

    private static final HttpHeadersFactory ONE_LENGTH = new HttpHeadersFactory() {
        @Override
        public HttpHeaders newHeaders() {
            return new OneLength();
        }

        @Override
        public HttpHeaders newEmptyHeaders() {
            return new OneLength();
        }
    };

    private HttpEnds() {}

    /** Headers as they are read. Of HTTP/1.0, Netty would take the first of several lengths and forget the others. */
    private static final class OneLength extends DefaultHttpHeaders {

        @Override
        public HttpHeaders add(String name, Object value) {
            check(name, value);
            return super.add(name, value);
        }

        @Override
        public HttpHeaders add(CharSequence name, Object value) {
            check(name, value);
            return super.add(name, value);
        }

        private void check(CharSequence name, Object value) {
            if (HttpHeaderNames.CONTENT_LENGTH.contentEqualsIgnoreCase(name) && (contains(name) || value.toString().indexOf(',') >= 0)) {
                throw new IllegalArgumentException("More than one Content-Length");
            }
        }
    }

    /** A decoder that reads one message each time that somebody has asked for one. */
    private interface OneAtATime {
        Demand demand();
    }

    /** Reads and writes HTTP. What nobody has asked for yet waits as bytes: as objects it would take many times the room. */
    private static class Codec<D extends HttpObjectDecoder & OneAtATime, E extends HttpObjectEncoder<?>> extends CombinedChannelDuplexHandler<D, E> {

        @Override
        public void read(ChannelHandlerContext context) throws Exception {
            if (inboundHandler().demand().ask()) {
                channelRead(context, Unpooled.EMPTY_BUFFER);
            }
        }
    }

    /** Whether somebody waits for a message. */
    private static final class Demand {

        private interface Step {
            void run() throws Exception;
        }

        private boolean asked;
        private boolean busy;

        /** Whether the decoder must be woken for it, which is not so while it works. */
        boolean ask() {
            asked = true;
            return !busy;
        }

        boolean isAsked() {
            return asked;
        }

        void decoded(List<Object> out) {
            asked = out.isEmpty();
        }

        /** Lets the decoder work; where it then still lacks bytes, more are read. */
        void during(ChannelHandlerContext context, Step step) throws Exception {
            boolean outermost = !busy;
            busy = true;
            try {
                step.run();
            } finally {
                busy = !outermost;
            }
            if (outermost && asked && !context.isRemoved()) {
                context.read();
            }
        }
    }

    /** The end that faces the guest. */
    static final class Guest extends Codec<StrictDecoder, HttpResponseEncoder> {

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

    /** The end that faces the upstream, which serves one request at a time. */
    private static final class Upstream extends Codec<AnswerDecoder, HttpRequestEncoder> {

        Upstream(int headerBytes) {
            init(new AnswerDecoder(config(headerBytes)), new HttpRequestEncoder());
        }

        boolean hasMore() {
            return inboundHandler().hasMore();
        }

        @Override
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) throws Exception {
            if (message instanceof HttpRequest request) {
                inboundHandler().toHead = request.method().equals(HttpMethod.HEAD);
            }
            super.write(context, message, promise);
        }
    }

    /** The handlers of the end that faces the upstream. */
    static List<ChannelHandler> upstream(int headerBytes) {
        return List.of(new Upstream(headerBytes), new OneByOne(), new HttpBack());
    }

    /** The company's proxy may have one of its own before it. */
    private static final class OneByOne extends FlowControlHandler {}

    /** What is written to the upstream from here on is not HTTP any more. */
    static void writeBytes(ChannelPipeline pipeline) {
        if (pipeline.get(Upstream.class) != null) {
            pipeline.get(Upstream.class).removeOutboundHandler();
        }
    }

    /** What comes from the upstream from here on is not HTTP any more; bytes that were read already go on to whoever stands behind. */
    static void readBytes(ChannelPipeline pipeline) {
        if (pipeline.get(Upstream.class) != null) {
            pipeline.remove(HttpBack.class);
            pipeline.remove(OneByOne.class);
            pipeline.remove(Upstream.class);
        }
    }

    /** Whether the upstream has sent more than the answers that were taken: no request has asked for it. */
    static boolean hasMore(ChannelPipeline pipeline) {
        return pipeline.get(Upstream.class).hasMore();
    }

    private static HttpDecoderConfig config(int headerBytes) {
        return new HttpDecoderConfig().setMaxInitialLineLength(LINE_BYTES).setMaxHeaderSize(headerBytes).setMaxChunkSize(CHUNK_BYTES)
                .setHeadersFactory(ONE_LENGTH).setAllowDuplicateContentLengths(false).setAllowPartialChunks(true).setStrictLineParsing(true);
    }

    /** Refuses a request that two readers could take for two different ones. */
    private static final class StrictDecoder extends HttpRequestDecoder implements OneAtATime {

        private final Demand demand = new Demand();
        private boolean changes;

        StrictDecoder(HttpDecoderConfig config) {
            super(config);
        }

        @Override
        public Demand demand() {
            return demand;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object bytes) throws Exception {
            demand.during(context, () -> super.channelRead(context, bytes));
        }

        /** What follows may not be HTTP any more, also where the guest does not wait for the answer. */
        @Override
        protected void decode(ChannelHandlerContext context, ByteBuf bytes, List<Object> out) throws Exception {
            if (!changes && demand.isAsked()) {
                super.decode(context, bytes, out);
                demand.decoded(out);
                changes = out.stream().anyMatch(message -> message instanceof HttpRequest request && request.decoderResult().isSuccess()
                        && (request.method().equals(HttpMethod.CONNECT) || Heads.asksForWebSocket(request)));
            }
        }

        @Override
        protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
            throw new IllegalArgumentException("Both Content-Length and Transfer-Encoding");
        }
    }

    private static final class AnswerDecoder extends HttpResponseDecoder implements OneAtATime {

        private final Demand demand = new Demand();
        private boolean toHead;

        AnswerDecoder(HttpDecoderConfig config) {
            super(config);
        }

        boolean hasMore() {
            return actualReadableBytes() > 0;
        }

        @Override
        public Demand demand() {
            return demand;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object bytes) throws Exception {
            demand.during(context, () -> super.channelRead(context, bytes));
        }

        @Override
        protected void decode(ChannelHandlerContext context, ByteBuf bytes, List<Object> out) throws Exception {
            if (demand.isAsked()) {
                super.decode(context, bytes, out);
                demand.decoded(out);
            }
        }

        @Override
        protected boolean isContentAlwaysEmpty(HttpMessage message) {
            return super.isContentAlwaysEmpty(message) || toHead;
        }
    }
}
