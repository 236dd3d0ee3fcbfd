package dev.tidemill.definition;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Keeps what opens a database out of logs and messages. Whoever connects to one makes its secrets
 * first, and passes on no message of the driver but by {@link #redacted}, and none of its
 * exceptions as a cause: their messages are printed, too. Thread-safe.
 */
public final class JdbcSecrets {

  /**
   * A parameter whose name says so ({@code password}, {@code sslpassword}), or {@code //user:…@}.
   */
  private static final List<Pattern> PLACES =
      List.of(
          Pattern.compile("(?i)(?:password|passwd|pwd|secret|token)=([^&;]+)"),
          Pattern.compile("//[^/@?:]*:([^/@?]+)@"));

  /**
   * PostgreSQL's driver logs what it does not understand of a URL, or all of it. Held, since the
   * registry of loggers forgets what nobody holds.
   */
  private static final List<Logger> TALKATIVE =
      List.of(
          Logger.getLogger("org.postgresql.Driver"),
          Logger.getLogger("org.postgresql.util.PGPropertyUtil"));

  static {
    TALKATIVE.forEach(logger -> logger.setLevel(Level.OFF));
  }

  private final String url;
  private final List<String> values;

  /**
   * @param url a JDBC URL, which is a secret as a whole
   * @param password if it is not in the URL
   */
  public JdbcSecrets(String url, Optional<String> password) {
    this.url = requireNonNull(url, "url");
    Stream<String> written =
        PLACES.stream().flatMap(place -> place.matcher(url).results()).map(JdbcSecrets::value);
    this.values =
        Stream.concat(written, password.stream()).filter(Predicate.not(String::isEmpty)).toList();
  }

  private static String value(MatchResult found) {
    return found.group(1);
  }

  /** A message of a driver: they like to quote the URL that they do not understand. */
  public String redacted(String message) {
    String text = String.valueOf(message).replace(url, "(url)");
    for (String value : values) {
      text = text.replace(value, "(password)");
    }
    return text;
  }
}
