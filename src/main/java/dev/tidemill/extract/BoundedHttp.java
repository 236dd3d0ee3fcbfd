package dev.tidemill.extract;

import dev.tidemill.definition.Unavailable;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.apache.kafka.common.errors.InterruptException;

/**
 * Single requests, each with one answer: bounded in time up to its last byte, and in its size, also
 * unpacked. Follows nothing. Not thread-safe.
 */
final class BoundedHttp {
  private final HttpClient client;
  private final Duration timeout;
  private final int limit;

  /**
   * @param limit of an answer, in bytes
   */
  BoundedHttp(Duration timeout, int limit) {
    this.timeout = timeout;
    this.limit = limit;
    // One request at a time has no use for HTTP/2.
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(timeout)
            .build();
  }

  /**
   * @param what is asked, for messages
   * @throws TransientException if there is no whole answer
   * @throws Unavailable if it is too large, or the server is not who it should be
   */
  ApiAnswer exchange(HttpRequest request, String what) {
    CompletableFuture<HttpResponse<byte[]>> reply =
        client.sendAsync(request, answer -> new BoundedBody(limit));
    try {
      HttpResponse<byte[]> answer = reply.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      return new ApiAnswer(
          request.uri(), answer.statusCode(), answer.headers(), unpacked(answer, what));
    } catch (TimeoutException e) {
      throw new TransientException(
          "%s: no whole answer within %d ms".formatted(what, timeout.toMillis()), e);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    } catch (ExecutionException e) {
      throw failed(what, e.getCause());
    } finally {
      reply.cancel(true); // nothing happens if it is there
    }
  }

  private byte[] unpacked(HttpResponse<byte[]> answer, String what) {
    Optional<String> encoding =
        answer.headers().firstValue("Content-Encoding").filter(name -> !name.isBlank());
    if (encoding.isEmpty() || encoding.get().equalsIgnoreCase("identity")) {
      return answer.body();
    }
    if (!encoding.get().equalsIgnoreCase("gzip") && !encoding.get().equalsIgnoreCase("x-gzip")) {
      throw new Unavailable(
          "%s: the answer is packed as '%s', and only gzip was asked for"
              .formatted(what, encoding.get()));
    }
    if (answer.body().length == 0) {
      return answer.body();
    }
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(answer.body()))) {
      byte[] bytes = in.readNBytes(limit);
      if (in.read() >= 0) {
        throw tooLarge(what, null);
      }
      return bytes;
    } catch (EOFException e) {
      throw new TransientException(what + ": the packed answer is cut off", e);
    } catch (ZipException e) {
      throw new Unavailable(
          "%s: the answer says that it is gzip, and is not (%s)".formatted(what, e.getMessage()),
          e);
    } catch (IOException e) {
      throw new IllegalStateException(e); // it is in memory
    }
  }

  private RuntimeException failed(String what, Throwable cause) {
    if (cause instanceof BoundedBody.TooLargeException) {
      return tooLarge(what, cause);
    }
    if (cause instanceof SSLHandshakeException || cause instanceof SSLPeerUnverifiedException) {
      return new Unavailable(
          "%s: the server does not show who it is (%s); check its certificate and what this machine trusts"
              .formatted(what, cause.getMessage()),
          cause);
    }
    if (cause instanceof IOException) {
      return new TransientException(what + ": " + reason(cause), cause);
    }
    return new IllegalStateException(what + ": " + cause, cause);
  }

  private Unavailable tooLarge(String what, Throwable cause) {
    return new Unavailable(
        "%s: the answer has more than %d bytes; ask for smaller pages, or raise 'max-response'"
            .formatted(what, limit),
        cause);
  }

  /** A host without an address and a refused connection have no messages of their own. */
  private static String reason(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnresolvedAddressException) {
        return "its host has no address; check 'url', and the network";
      }
      if (cause.getMessage() != null) {
        return cause.getMessage();
      }
    }
    return thrown instanceof ConnectException
        ? "nothing answers there; check 'url', and that the server runs"
        : thrown.getClass().getSimpleName();
  }
}
