package dev.tidemill.definition;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * A database that is reached over JDBC.
 *
 * @param url begins with {@code jdbc:}; it and the password are resolved: never to be shown
 * @param driver a jar that has the driver; empty: it is one of Tidemill's own
 * @param fetchSize rows that are asked for at once
 * @param timeout of a statement
 */
public record Database(
    String url,
    Optional<String> user,
    Optional<String> password,
    Optional<Path> driver,
    int fetchSize,
    Duration timeout) {
  public static final int DEFAULT_FETCH_SIZE = 10_000;
  public static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(10);

  public Database {
    requireNonNull(url, "url");
    requireNonNull(user, "user");
    requireNonNull(password, "password");
    requireNonNull(driver, "driver");
    requireNonNull(timeout, "timeout");
  }

  /** What kind it is: {@code postgresql}, {@code mariadb}. */
  public String kind() {
    String[] parts = url.split(":", 3);
    return parts.length == 3 ? parts[1] : "jdbc";
  }

  /** Without the URL, which may hold a password. */
  @Override
  public String toString() {
    return kind();
  }
}
