package dev.agentruntime.platform;

import dev.agentruntime.api.BudgetNews;
import dev.agentruntime.api.EndCode;
import dev.agentruntime.api.Invocation;
import dev.agentruntime.api.OutboundConnection;
import dev.agentruntime.api.PlatformFailure;
import dev.agentruntime.api.PlatformListener;
import dev.agentruntime.api.PlatformWork;
import dev.agentruntime.api.RestWatcher;
import dev.agentruntime.api.SessionProbe;
import dev.agentruntime.api.SessionView;
import dev.agentruntime.api.StartMode;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** Writes down what a listener is told. */
final class Recorder implements PlatformListener, RestWatcher {

    final List<String> told = new CopyOnWriteArrayList<>();
    final AtomicLong sessionCpu = new AtomicLong();
    final AtomicLong startCpu = new AtomicLong();
    final AtomicLong poolCpu = new AtomicLong();

    @Override
    public void sessionBegan(String runtime) {
        told.add("began");
    }

    @Override
    public void sessionMoved(String runtime, SessionView.Status from, SessionView.Status to) {
        told.add("moved " + from + " " + to);
    }

    @Override
    public void sessionStarted(String runtime, StartMode mode, Duration took) {
        told.add("started " + mode);
    }

    @Override
    public void sessionEnded(String runtime, EndCode code) {
        told.add("ended " + code);
    }

    @Override
    public void invocationEnded(String runtime, Invocation.Outcome outcome, Duration took) {
        told.add("invocation " + outcome);
    }

    @Override
    public void workEnded(SessionProbe session) {
        told.add("work ended");
    }

    @Override
    public void used(String runtime, long cpuNanos, BigDecimal memoryByteSeconds) {
        sessionCpu.addAndGet(cpuNanos);
    }

    @Override
    public void platformUsed(PlatformWork work, long cpuNanos) {
        if (work == PlatformWork.POOL) {
            poolCpu.addAndGet(cpuNanos);
        }
        if (work == PlatformWork.START) {
            startCpu.addAndGet(cpuNanos);
        }
    }

    @Override
    public void outboundEnded(String runtime, OutboundConnection connection) {
        told.add("outbound " + runtime + " " + connection.outcome());
    }

    @Override
    public void budget(String runtime, BudgetNews news) {
        told.add("budget " + runtime + " " + news.per() + " " + news.measure() + " " + news.level());
    }

    @Override
    public void failed(String runtime, PlatformFailure kind) {
        told.add("failed " + kind.name().toLowerCase(Locale.ROOT));
    }
}
