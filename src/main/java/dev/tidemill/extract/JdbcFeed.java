package dev.tidemill.extract;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemill.definition.Origin;
import dev.tidemill.definition.RelationDefinition;
import dev.tidemill.definition.Unavailable;
import dev.tidemill.schema.DecodeException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rows of a table or query. Each pass reads them in one transaction, ordered by the cursor and
 * the primary key, and goes on behind the last one.
 *
 * <p>Without a cursor, a pass that has come to the end has read it all: once for ever, or else once
 * for each pass that its schedule or {@code poll} asks for, or once for each run of the process. A
 * reading that was broken off goes on; the rows of the second one have names of their own, so that
 * they are other records. Of a table of the pipeline, {@link PublishedRows} says which rows of
 * later readings are published; such a one goes on only where nothing was lost that it knows, else
 * another one begins.
 *
 * <p>A row may come behind the last one, if its transaction took a cursor's value earlier and has
 * committed later. So each pass begins the {@code overlap} before the last row, and leaves out what
 * it knows as published: rows are the same if primary key and cursor are. What lies further behind
 * the largest cursor of a pass than the overlap is taken for complete. Not thread-safe.
 */
final class JdbcFeed implements Feed {
  private static final Logger LOG = LoggerFactory.getLogger(JdbcFeed.class);
  private static final String AT = "at";

  /** A database that has needed so long for some rows may need much longer for the next ones. */
  private static final long SLOW_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** What is behind the name in the identity of a row. */
  private static final Pattern READING = Pattern.compile("(?:@([0-9]{1,18}))?:");

  private final RelationDefinition source;
  private final Origin.Jdbc origin;
  private final JdbcConnections connections;
  private final Timing timing;
  private final SeenRows<String> seen;
  private final String name;
  private final Optional<PublishedRows> published;
  private final RowsWithoutPlace unread;

  private JdbcQuery query;
  private JdbcPosition position;

  /** Whether it has ever let us wait for rows. */
  private boolean isSlow;

  private boolean isRestored;

  /**
   * @param published of a table of the pipeline; empty: its rows are not looked up
   */
  JdbcFeed(
      RelationDefinition source,
      Origin.Jdbc origin,
      Timing timing,
      Optional<PublishedRows> published) {
    this.source = source;
    this.origin = origin;
    this.connections = new JdbcConnections(source.name(), origin.database());
    this.timing = timing;
    this.seen =
        new SeenRows<>(
            source.name(),
            Function.identity(),
            (one, other) -> query.order().get(0).compare(one, other));
    this.published = published;
    this.unread = new RowsWithoutPlace(source.name());
    this.name = origin.selection().isQuery() ? source.name() : origin.selection().text();
  }

  @Override
  public void check() {
    try (Connection connection = connections.open()) {
      query = JdbcQuery.of(connection, source, origin.selection());
      query.requireOrder(connection);
    } catch (SQLException e) {
      throw connections.unavailable(e);
    }
  }

  private void ask() {
    try (Connection connection = connections.open()) {
      query = JdbcQuery.of(connection, source, origin.selection());
    } catch (SQLException e) {
      throw connections.explained(e);
    }
  }

  @Override
  public void restore(Positions committed) {
    if (query == null) {
      ask(); // who takes over has checked nothing
    }
    position =
        Optional.ofNullable(committed.entries().get(AT))
            .map(JdbcPosition::of)
            .orElseGet(() -> JdbcPosition.start(query.orderNames()));
    if (!position.order().equals(query.orderNames())) {
      throw new Unavailable(
          ("Source %s was read in the order of %s so far, and now in that of %s, in which nobody"
                  + " knows what is published; put it back, or give the pipeline a new name")
              .formatted(source.name(), position.order(), query.orderNames()));
    }
    seen.restore(committed.entries());
    published.ifPresent(PublishedRows::close); // it knows of rows that were not committed
    isRestored = true;
  }

  @Override
  public void pass(Publication out) {
    if (isReadWhole()) {
      if (!isToBeReadAgain()) {
        return;
      }
      position = position.nextReading();
    } else if (isCompared() && !published.get().isOpen()) {
      position = position.nextReading(); // which rows the last one has met nobody knows any more
    }
    if (isCompared() && !published.get().isOpen() && !lookUp(out)) {
      return;
    }
    try (Connection connection = connections.open()) {
      unread.count(query, connection, out);
      Pass pass =
          new Pass(out, position, query.overlapBegins(connection, connections, timing.clock()));
      long asked = System.nanoTime();
      try (PreparedStatement statement =
              query.rows(connection, connections, position, pass.overlaps, timing.clock());
          ResultSet rows = statement.executeQuery()) {
        isSlow |= System.nanoTime() - asked > SLOW_NANOS; // it has fetched the first rows
        pass.read(rows);
      }
    } catch (SQLException e) {
      throw connections.explained(e);
    }
  }

  /** Whether rows are published only if the topic does not hold them as they are. */
  private boolean isCompared() {
    return published.isPresent() && origin.selection().cursor().isEmpty() && position.reading() > 1;
  }

  /** What the topic holds; false if it has to stop. */
  private boolean lookUp(Publication out) {
    if (isRestored) {
      isRestored = false;
      out.endMayBeHidden();
    }
    return published.get().open(this::readingOf, position.base(), out::isStopped);
  }

  private boolean isReadWhole() {
    return origin.selection().cursor().isEmpty() && position.done().isPresent();
  }

  private boolean isToBeReadAgain() {
    if (!origin.again()) {
      LOG.info(
          "Source {}: {} was read to its end, which is done once; with schedule: \"@reboot\" each"
              + " start reads it",
          source.name(),
          name);
      return false;
    }
    // Else this run has asked for no more than one reading, which another process may have ended.
    return origin.poll().isPresent()
        || origin.publishing().schedule().isPresent()
        || position.done().get().isBefore(timing.start());
  }

  /** One pass over all that is behind a position. */
  private final class Pass {
    private final Publication out;
    private final JdbcPosition before;
    private final Optional<String> overlapBegins;

    /** Whether rows are read that may be published already. */
    private final boolean overlaps;

    private JdbcPosition moved;
    private List<String> previous = List.of();
    private long fetched;

    Pass(Publication out, JdbcPosition before, Optional<String> overlapBegins) {
      this.out = out;
      this.before = before;
      this.moved = before;
      this.overlapBegins = later(before.from(), overlapBegins);
      this.overlaps =
          before.from().isPresent()
              && !before.last().isEmpty()
              && compare(before.last(), before.from().get()) >= 0;
    }

    private Optional<String> later(Optional<String> one, Optional<String> other) {
      if (one.isEmpty() || other.isEmpty()) {
        return one.or(() -> other);
      }
      return query.order().get(0).compare(one.get(), other.get()) >= 0 ? one : other;
    }

    private int compare(List<String> place, String value) {
      return query.order().get(0).compare(place.get(0), value);
    }

    void read(ResultSet rows) throws SQLException {
      while (next(rows)) {
        if (out.isStopped()) {
          move();
          return;
        }
        take(rows);
        if (out.isDue()) {
          move();
          out.commit();
        }
      }
      boolean isWhole = origin.selection().cursor().isEmpty();
      if (isCompared()) {
        move();
        out.commit();
        published.get().publishGone(reading(position.reading()), out);
        if (out.isStopped()) {
          return; // and then what is left of them comes
        }
        published.get().forget();
        if (published.get().hasPublishedAll()) {
          position = position.thatIsBase();
        }
        published.get().close();
      }
      position =
          position.behindAll(
              overlapBegins, isWhole ? Optional.of(timing.clock().instant()) : Optional.empty());
      move();
    }

    /**
     * Where a slow database has to be asked for more rows, nothing is left open: it may look for
     * them for longer than a transaction lasts, and that would be aborted, at the same place each
     * time. The first time it is, and then the database is known for it.
     */
    private boolean next(ResultSet rows) throws SQLException {
      int size = origin.database().fetchSize();
      boolean isAsked = fetched % size == 0;
      if (isAsked && fetched > 0 && isSlow) {
        move();
        out.commit();
      }
      fetched++;
      if (!isAsked) {
        return rows.next();
      }
      long before = System.nanoTime();
      boolean isThere = rows.next();
      isSlow |= System.nanoTime() - before > SLOW_NANOS;
      return isThere;
    }

    private void take(ResultSet rows) throws SQLException {
      List<String> place = query.place(rows);
      requireUnique(place);
      previous = place;
      String id = id(place);
      boolean isNew = !overlaps || !seen.contains(id);
      // Until all that was there before is passed, the old overlap holds: a death begins there.
      boolean isBeyond = !overlaps || compare(place, before.last().get(0)) > 0;
      Optional<String> from = isBeyond ? overlapBegins : before.from();
      boolean isPublished = isNew && publish(id, rows);
      if (isNew) {
        if (from.isPresent() && compare(place, from.get()) >= 0) {
          seen.add(id, place.get(0));
        }
      }
      boolean isLast = !overlaps || compare(place, before.last().get(0)) >= 0;
      position = position.behind(isPublished, isLast ? place : position.last(), from);
    }

    private void requireUnique(List<String> place) {
      if (place.equals(previous)) {
        throw new Unavailable(
            "Source %s: two rows have %s = %s, so these columns do not tell rows apart; write a 'primary-key' that does"
                .formatted(source.name(), query.orderNames(), place));
      }
    }

    /** Whether it was: a table's rows are, if they are not there already. */
    private boolean publish(String id, ResultSet rows) throws SQLException {
      try {
        Object[] values = query.values(rows);
        if (isCompared()) {
          return out.row(id, position.rows(), values, published.get()::isNew);
        }
        out.row(id, position.rows(), values);
      } catch (DecodeException e) {
        out.unreadable(id, position.rows(), json(rows), e.getMessage());
        published.ifPresent(PublishedRows::metUnreadable);
      }
      return true;
    }

    private void move() {
      position.from().ifPresent(from -> seen.forgetBefore(from, out));
      seen.save(out);
      if (!position.equals(moved)) {
        out.position(AT, position.json());
        moved = position;
      }
    }
  }

  private byte[] json(ResultSet rows) throws SQLException {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    query.texts(rows).forEach((column, text) -> json.put(column, text.orElse(null)));
    return json.toString().getBytes(UTF_8);
  }

  /** {@code table@reading:key:cursor}; values of several columns are between commas. */
  private String id(List<String> place) {
    int cursor = query.cursorColumns();
    StringBuilder id = new StringBuilder(reading(position.reading()));
    for (int i = cursor; i < place.size(); i++) {
      id.append(i == cursor ? ':' : ',').append(escaped(place.get(i)).replace(":", "\\:"));
    }
    for (int i = 0; i < cursor; i++) {
      id.append(i == 0 ? ':' : ',').append(escaped(place.get(i)));
    }
    return id.toString();
  }

  private String reading(long number) {
    return number > 1 ? name + '@' + number : name;
  }

  /** 0 if the record is not of this table. */
  private long readingOf(String id) {
    if (!id.startsWith(name)) {
      return 0;
    }
    Matcher number = READING.matcher(id).region(name.length(), id.length());
    if (!number.lookingAt()) {
      return 0;
    }
    return number.group(1) == null ? 1 : Long.parseLong(number.group(1));
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\\\").replace(",", "\\,");
  }

  @Override
  public Optional<Duration> again() {
    return origin.poll();
  }

  @Override
  public FeedProgress progress() {
    return FeedProgress.UNKNOWN;
  }
}
