package dev.tidemill.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C or SIGTERM, seen by what runs in the foreground. The process ends after {@link #close}, so
 * everything that is to be closed properly is closed before. Thread-safe.
 */
final class StopSignal implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread hook = new Thread(this::given, "tidemill-stop");
  private volatile boolean given;

  StopSignal() {
    Runtime.getRuntime().addShutdownHook(hook);
  }

  private void given() {
    given = true;
    try {
      closed.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  boolean isGiven() {
    return given;
  }

  @Override
  public void close() {
    closed.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException shuttingDown) {
      // It is the hook itself that ended the run.
    }
  }
}
