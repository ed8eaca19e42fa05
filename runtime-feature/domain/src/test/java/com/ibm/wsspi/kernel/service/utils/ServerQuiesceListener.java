package com.ibm.wsspi.kernel.service.utils;

/** Stands in for Liberty's interface of this name. */
public interface ServerQuiesceListener {

    void serverStopping();
}
