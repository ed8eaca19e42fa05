package dev.agentruntime.invocation;

import java.net.ProtocolException;
import java.util.Map;
import org.eclipse.jetty.client.ProtocolHandler;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.client.transport.HttpConversation;
import org.eclipse.jetty.client.transport.HttpExchange;
import org.eclipse.jetty.client.transport.HttpRequest;
import org.eclipse.jetty.http.HttpStatus;

/**
 * Skips what an agent sends before its answer: statuses 100 to 199, except 101. Takes the place of Jetty's own handlers, which
 * know 100 (once), 102 and 103 only, wait for ever after any other, and count none.
 */
final class InterimAnswers implements ProtocolHandler {

    /** An honest server sends one or two. */
    static final int MOST = 16;

    private static final String COUNT = InterimAnswers.class.getName();

    @Override
    public String getName() {
        return "interim";
    }

    @Override
    public boolean accept(Request request, Response response) {
        return HttpStatus.isInterim(response.getStatus());
    }

    @Override
    public Response.Listener getResponseListener() {
        return new Skip();
    }

    /** Hears of one interim answer in the place of the exchange's own listeners. */
    private static final class Skip implements Response.Listener {

        @Override
        public void onSuccess(Response response) {
            Request request = response.getRequest();
            handBack(request).resetResponse();
            if (count(request) > MOST) {
                request.abort(new ProtocolException("it sent more than " + MOST + " interim answers"));
            }
        }

        @Override
        public void onFailure(Response response, Throwable failure) {
            handBack(response.getRequest());
        }

        @Override
        public void onComplete(Result result) {
            // Only an answer that is none of these completes the exchange.
        }

        /** Lets the exchange's own listeners hear of what comes next. */
        private static HttpExchange handBack(Request request) {
            HttpConversation conversation = ((HttpRequest) request).getConversation();
            conversation.updateResponseListeners(null);
            return conversation.getExchanges().getLast();
        }

        private static int count(Request request) {
            Map<String, Object> attributes = request.getAttributes();
            int count = attributes.get(COUNT) instanceof Integer before ? before + 1 : 1;
            request.attribute(COUNT, count);
            return count;
        }
    }
}
