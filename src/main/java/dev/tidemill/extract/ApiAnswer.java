package dev.tidemill.extract;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.net.http.HttpHeaders;

/**
 * What a server has answered.
 *
 * @param url that was asked
 * @param body unpacked
 */
record ApiAnswer(URI url, int status, HttpHeaders headers, byte[] body) {
  ApiAnswer {
    requireNonNull(url, "url");
    requireNonNull(headers, "headers");
    requireNonNull(body, "body");
  }
}
