package dev.agentruntime.store;

import java.sql.SQLTransientException;

/** There is no data source of that name. While a server starts it comes later than the platform; the message names it. */
public final class NotBoundException extends SQLTransientException {

    private static final long serialVersionUID = 1L;

    public NotBoundException(String message, Throwable cause) {
        super(message, cause);
    }
}
