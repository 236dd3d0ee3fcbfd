package dev.tidemill.definition;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads {@code jdbc:} of a source. What the database has is looked at when a run starts. */
final class JdbcReader {
  private static final Pattern WHOLE = Pattern.compile("[0-9]{1,18}");
  private static final int MAX_FETCH_SIZE = 1_000_000;

  private JdbcReader() {}

  static Optional<Origin> read(Document document, Section source, Section jdbc, ZoneId batchZone) {
    Optional<Database> database = database(document, jdbc);
    Optional<Selection> selection = selection(jdbc);
    Optional<Optional<Duration>> poll =
        jdbc.text("poll", text -> Optional.of(DurationText.parsePositive(text)), Optional.empty());
    Optional<Publishing> publishing = PublishingReader.read(source, jdbc, "poll", batchZone);
    if (database.isEmpty() || selection.isEmpty() || poll.isEmpty() || publishing.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Origin.Jdbc(database.get(), selection.get(), publishing.get(), poll.get()));
  }

  private static Optional<Database> database(Document document, Section jdbc) {
    Optional<String> url = jdbc.text("url", JdbcReader::url);
    Optional<Optional<String>> user = jdbc.text("user", Optional::of, Optional.empty());
    Optional<Optional<String>> password = jdbc.text("password", Optional::of, Optional.empty());
    Optional<Optional<Path>> driver =
        jdbc.text(
            "driver",
            path -> Optional.of(jar(path, document.resolve(path))),
            Optional.<Path>empty());
    Optional<Integer> fetchSize =
        jdbc.has("fetch-size")
            ? jdbc.scalar("fetch-size").flatMap(text -> text.as(JdbcReader::fetchSize))
            : Optional.of(Database.DEFAULT_FETCH_SIZE);
    Optional<Duration> timeout =
        jdbc.text("timeout", DurationText::parsePositive, Database.DEFAULT_TIMEOUT);
    if (url.isEmpty()
        || user.isEmpty()
        || password.isEmpty()
        || driver.isEmpty()
        || fetchSize.isEmpty()
        || timeout.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Database(
            url.get(), user.get(), password.get(), driver.get(), fetchSize.get(), timeout.get()));
  }

  private static Optional<Selection> selection(Section jdbc) {
    List<String> written = jdbc.written("table", "query");
    if (written.size() != 1) {
      if (written.isEmpty()) {
        jdbc.problem("'jdbc' needs 'table' or 'query', what is read");
      } else {
        jdbc.problemAtKey("query", "it reads either a 'table' or a 'query'; remove one");
      }
      return Optional.empty();
    }
    boolean isQuery = written.get(0).equals("query");
    Optional<String> text =
        isQuery ? jdbc.text("query", JdbcReader::query) : jdbc.text("table", Names::table);
    if (isQuery && !jdbc.has("primary-key")) {
      jdbc.problemAtKey(
          "query",
          "nothing tells the rows of a query apart; write the columns that do as 'primary-key'");
      return Optional.empty();
    }
    Optional<List<String>> primaryKey = columns(jdbc, "primary-key");
    Optional<List<String>> cursor = columns(jdbc, "cursor");
    Optional<Optional<Overlap>> overlap = overlap(jdbc);
    if (text.isEmpty() || primaryKey.isEmpty() || cursor.isEmpty() || overlap.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Selection(text.get(), isQuery, primaryKey.get(), cursor.get(), overlap.get()));
  }

  /** Columns that are written; none if nothing is. */
  private static Optional<List<String>> columns(Section jdbc, String key) {
    if (!jdbc.has(key)) {
      return Optional.of(List.of());
    }
    Optional<List<String>> columns =
        jdbc.texts(key).map(texts -> texts.stream().map(Text::value).toList());
    if (columns.isPresent() && columns.get().isEmpty()) {
      jdbc.problemAt(key, "there is no column; name one, or remove '%s'".formatted(key));
      return Optional.empty();
    }
    return columns;
  }

  private static Optional<Optional<Overlap>> overlap(Section jdbc) {
    if (!jdbc.has("overlap")) {
      return Optional.of(Optional.empty());
    }
    if (!jdbc.has("cursor")) {
      jdbc.problemAtKey("overlap", "it is a distance behind the last 'cursor'; remove it");
      return Optional.empty();
    }
    return jdbc.scalar("overlap").flatMap(text -> text.as(Overlap::parse)).map(Optional::of);
  }

  private static String url(String url) {
    if (!url.matches("jdbc:[a-z0-9]+:.+")) {
      // Without the URL: it may hold a password.
      throw new IllegalArgumentException(
          "a JDBC URL begins with 'jdbc:' and the kind of database, such as"
              + " jdbc:postgresql://host:5432/database");
    }
    return url;
  }

  private static Path jar(String written, Path file) {
    if (!Files.isRegularFile(file)) {
      throw new IllegalArgumentException(
          "there is no jar '%s'; its path is relative to this file".formatted(written));
    }
    return file;
  }

  /** It becomes a subquery, and behind a comment's or a statement's end nothing could follow. */
  private static String query(String text) {
    String query = text.strip().replaceFirst("\\s*;$", "");
    if (query.isEmpty()) {
      throw new IllegalArgumentException("there is no query; write 'SELECT …'");
    }
    return query;
  }

  private static int fetchSize(String text) {
    if (WHOLE.matcher(text).matches()) {
      long size = Long.parseLong(text);
      if (size >= 1 && size <= MAX_FETCH_SIZE) {
        return (int) size;
      }
    }
    throw new IllegalArgumentException(
        "'%s' is no number of rows; write 1 to %d".formatted(text, MAX_FETCH_SIZE));
  }
}
