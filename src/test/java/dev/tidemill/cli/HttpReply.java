package dev.tidemill.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.stream.StreamSupport;

/** What a server answered. */
record HttpReply(int status, HttpHeaders headers, String body) {
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  static HttpReply get(String url) {
    return send(HttpRequest.newBuilder(URI.create(url)));
  }

  static HttpReply get(String url, String token) {
    return send(HttpRequest.newBuilder(URI.create(url)).header("Authorization", "Bearer " + token));
  }

  static HttpReply post(String url) {
    return send(
        HttpRequest.newBuilder(URI.create(url)).POST(HttpRequest.BodyPublishers.ofString("x")));
  }

  static HttpReply post(String url, String token) {
    return send(
        HttpRequest.newBuilder(URI.create(url))
            .header("Authorization", "Bearer " + token)
            .POST(HttpRequest.BodyPublishers.noBody()));
  }

  static HttpReply put(String url, String token, String body) {
    return send(
        HttpRequest.newBuilder(URI.create(url))
            .header("Authorization", "Bearer " + token)
            .PUT(HttpRequest.BodyPublishers.ofString(body)));
  }

  static HttpReply delete(String url, String token) {
    return send(
        HttpRequest.newBuilder(URI.create(url))
            .header("Authorization", "Bearer " + token)
            .DELETE());
  }

  private static HttpReply send(HttpRequest.Builder request) {
    try {
      HttpResponse<String> response =
          CLIENT.send(
              request.timeout(Duration.ofSeconds(30)).build(),
              HttpResponse.BodyHandlers.ofString());
      return new HttpReply(response.statusCode(), response.headers(), response.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  JsonNode json() {
    try {
      return new ObjectMapper().readTree(body);
    } catch (IOException e) {
      throw new AssertionError(body, e);
    }
  }

  /** The rows of an answer, as {@link Table} gives those of {@link Project#PER_ORIGIN}. */
  List<List<Object>> rows() {
    return StreamSupport.stream(json().get("rows").spliterator(), false)
        .map(
            row ->
                List.<Object>of(
                    row.get("origin").asText(),
                    row.get("departures").asLong(),
                    row.get("avg_delay").asDouble(),
                    row.get("worst_delay").asLong(),
                    row.get("miles").asLong()))
        .toList();
  }

  String problem() {
    return status + " " + json().get("detail").asText();
  }
}
