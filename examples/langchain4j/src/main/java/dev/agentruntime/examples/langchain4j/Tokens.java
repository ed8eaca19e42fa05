package dev.agentruntime.examples.langchain4j;

import dev.langchain4j.service.TokenStream;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;

/** The tokens of one answer. The model is asked when somebody subscribes; a slow reader slows down how its answer is read. */
final class Tokens implements Flow.Publisher<String> {

    private final TokenStream stream;

    Tokens(TokenStream stream) {
        this.stream = stream;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super String> subscriber) {
        // on the model client's thread, one token after the other
        SubmissionPublisher<String> tokens = new SubmissionPublisher<>(Runnable::run, Flow.defaultBufferSize());
        tokens.subscribe(subscriber);
        stream.onPartialResponseWithContext((token, context) -> {
                    if (tokens.hasSubscribers()) {
                        tokens.submit(token.text());
                    } else {
                        context.streamingHandle().cancel();
                    }
                })
                .onCompleteResponse(response -> tokens.close())
                .onError(tokens::closeExceptionally)
                .start();
    }
}
