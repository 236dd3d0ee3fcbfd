package dev.tidemill.server;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemill.query.QueryProblem;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;

/** Errors as RFC 9457 wants them. */
final class Problems {
  static final String CONTENT_TYPE = "application/problem+json";
  static final String RETRY_AFTER_SECONDS = "1";
  private static final ObjectMapper JSON = new ObjectMapper();

  private Problems() {}

  static void write(QueryProblem problem, Context context) {
    write(status(problem.kind()), problem.getMessage(), context);
  }

  /**
   * @param detail what is wrong and what to do
   */
  static void write(int status, String detail, Context context) {
    ObjectNode json = JSON.createObjectNode();
    json.put("type", "about:blank"); // the title is the status's
    json.put("title", HttpStatus.forStatus(status).getMessage());
    json.put("status", status);
    json.put("detail", detail);
    json.put("instance", context.path());
    context.status(status).contentType(CONTENT_TYPE).result(json.toString());
    if (status == 503) {
      context.header("Retry-After", RETRY_AFTER_SECONDS);
    }
  }

  private static int status(QueryProblem.Kind kind) {
    return switch (kind) {
      case BAD_QUESTION -> 400;
      case UNKNOWN -> 404;
      case CONFLICT -> 409;
      case GONE -> 410;
      case UNAVAILABLE -> 503;
    };
  }
}
