package dev.tidemill.extract;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/** The body of an answer, up to a limit; with a byte more it fails. For one answer. */
final class BoundedBody implements HttpResponse.BodySubscriber<byte[]> {
  private final int limit;
  private byte[] body = new byte[1 << 13];
  private int size;
  private final CompletableFuture<byte[]> whole = new CompletableFuture<>();
  private Flow.Subscription subscription;

  /** An answer that is larger than its limit. */
  static final class TooLargeException extends IOException {
    private static final long serialVersionUID = 1;
  }

  /**
   * @param limit in bytes
   */
  BoundedBody(int limit) {
    this.limit = limit;
  }

  @Override
  public CompletionStage<byte[]> getBody() {
    return whole;
  }

  @Override
  public void onSubscribe(Flow.Subscription flow) {
    subscription = flow;
    flow.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(List<ByteBuffer> items) {
    if (whole.isDone()) {
      return;
    }
    for (ByteBuffer item : items) {
      int length = item.remaining();
      if (length > limit - size) {
        subscription.cancel();
        whole.completeExceptionally(new TooLargeException());
        return;
      }
      if (length > body.length - size) {
        body =
            Arrays.copyOf(body, Math.max(size + length, (int) Math.min(2L * body.length, limit)));
      }
      item.get(body, size, length);
      size += length;
    }
  }

  @Override
  public void onError(Throwable thrown) {
    whole.completeExceptionally(thrown);
  }

  @Override
  public void onComplete() {
    whole.complete(Arrays.copyOf(body, size));
  }
}
