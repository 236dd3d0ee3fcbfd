package dev.tidemill.server;

import dev.tidemill.batch.Batch;
import dev.tidemill.query.Peers;
import dev.tidemill.query.QueryProblem;
import dev.tidemill.topology.ShareReads.Portion;
import dev.tidemill.topology.ShareSlice;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.streams.state.HostInfo;

/** Asks the other instances over HTTP. Thread-safe. Follows no redirects. */
final class HttpPeers implements Peers {
  static final String PATH = "/api/pipelines/{pipeline}/batches/{batch}/shares/{share}";
  static final String CONTENT_TYPE = "application/vnd.tidemill.share";

  /** Carried by what an instance asks another one. It is answered from there, or not at all. */
  static final String FORWARDED = "Tidemill-Forwarded";

  private static final Duration CONNECT = Duration.ofSeconds(2);
  private static final Duration ANSWER = Duration.ofSeconds(5);

  private final String pipeline;
  private final Optional<String> token;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  HttpPeers(String pipeline, Optional<String> token) {
    this.pipeline = pipeline;
    this.token = token;
  }

  @Override
  public ShareSlice read(HostInfo owner, int share, Batch batch, Portion portion)
      throws QueryProblem {
    String where = "the instance at " + owner.host() + ":" + owner.port();
    try {
      HttpResponse<byte[]> response = whole(request(owner, share, batch, portion));
      if (response.statusCode() != 200) {
        throw unavailable(
            where + " has share " + share + ", but answers with " + response.statusCode());
      }
      return ShareSlice.read(new DataInputStream(new ByteArrayInputStream(response.body())));
    } catch (IOException | TimeoutException e) {
      throw unavailable(where + " has share " + share + ", but does not answer: " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unavailable("interrupted while asking " + where);
    }
  }

  /** Within its time up to the last byte: the client's own timeout ends with the headers. */
  private HttpResponse<byte[]> whole(HttpRequest request)
      throws IOException, TimeoutException, InterruptedException {
    CompletableFuture<HttpResponse<byte[]>> reply =
        client.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray());
    try {
      return reply.get(ANSWER.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
    } finally {
      reply.cancel(true); // nothing happens if it is there
    }
  }

  private HttpRequest request(HostInfo owner, int share, Batch batch, Portion portion)
      throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    portion.write(new DataOutputStream(body));
    String host = owner.host().contains(":") ? "[" + owner.host() + "]" : owner.host();
    String path =
        PATH.replace("{pipeline}", pipeline)
            .replace("{batch}", batch.id())
            .replace("{share}", String.valueOf(share));
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://" + host + ":" + owner.port() + path))
            .timeout(ANSWER)
            .header(FORWARDED, "1")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body.toByteArray()));
    token.ifPresent(secret -> request.header("Authorization", "Bearer " + secret));
    return request.build();
  }

  private static QueryProblem unavailable(String message) {
    return new QueryProblem(QueryProblem.Kind.UNAVAILABLE, message);
  }
}
