package dev.tidemill.definition;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code http} of the server file; {@code TIDEMILL_HTTP_…} come before it. */
final class HttpSettingsReader {
  private static final Pattern HOST_AND_PORT =
      Pattern.compile("([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+\\]):([0-9]{1,5})");
  private static final int SHORTEST_TOKEN = 16; // characters

  private final Problems problems;
  private final Environment environment;
  private final Optional<Section> http;

  HttpSettingsReader(Problems problems, Environment environment, Optional<Section> http) {
    this.problems = problems;
    this.environment = environment;
    this.http = http;
  }

  HttpSettings settings() {
    return new HttpSettings(
        value("port", HttpSettingsReader::port),
        value("host", HttpSettingsReader::host),
        value("advertised", HttpSettingsReader::advertised),
        value("token", HttpSettingsReader::token));
  }

  /** Empty if it is not set, or wrong: that is reported. */
  private <T> Optional<T> value(String key, Text.Parser<T> parser) {
    String variable = ServerSettingsReader.variable("http-" + key);
    Optional<String> set = environment.get(variable).filter(text -> !text.isBlank());
    if (set.isEmpty()) {
      return http.filter(section -> section.has(key))
          .flatMap(section -> section.scalar(key))
          .flatMap(text -> text.as(parser));
    }
    try {
      return set.map(parser::parse);
    } catch (IllegalArgumentException e) {
      problems.add(Position.START, variable + ": " + e.getMessage());
      return Optional.empty();
    }
  }

  private static int port(String text) {
    if (text.matches("[0-9]{1,5}") && Integer.parseInt(text) <= 65_535) {
      return Integer.parseInt(text);
    }
    throw new IllegalArgumentException(
        "'%s' is no port; write 1 to 65535, or 0 for any that is free".formatted(text));
  }

  private static String host(String text) {
    if (text.isBlank() || text.contains("/") || text.contains(" ")) {
      throw new IllegalArgumentException(
          "'%s' is no address to bind to; write 127.0.0.1, 0.0.0.0 or a host's name"
              .formatted(text));
    }
    return text;
  }

  private static String advertised(String text) {
    Matcher parts = HOST_AND_PORT.matcher(text);
    if (parts.matches()) {
      int port = Integer.parseInt(parts.group(2));
      if (port >= 1 && port <= 65_535) {
        return text;
      }
    }
    throw new IllegalArgumentException(
        "'%s' is no address for others; write host:port, such as mill-1.example.org:8080"
            .formatted(text));
  }

  private static String token(String text) {
    if (text.length() < SHORTEST_TOKEN || !text.matches("[\\x21-\\x7e]+")) {
      throw new IllegalArgumentException(
          "the token must have at least "
              + SHORTEST_TOKEN
              + " characters, printable ASCII without spaces; make one with: openssl rand -hex 32");
    }
    return text;
  }
}
