package dev.tidemill.extract;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemill.definition.Incremental;
import dev.tidemill.definition.Origin;
import dev.tidemill.definition.RecordField;
import dev.tidemill.definition.RelationDefinition;
import dev.tidemill.definition.Unavailable;
import dev.tidemill.schema.DecodeException;
import dev.tidemill.schema.JsonRowDecoder;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The records of an HTTP API's list, page by page. A page is parsed to its end before the first of
 * its records is published, and the position only moves behind whole pages. Not thread-safe.
 *
 * <p>Without {@code incremental} the list is taken to grow at its end: each pass goes on behind the
 * last record. With it, each pass asks anew for what is not before the largest value so far, less
 * the overlap.
 */
final class ApiFeed implements Feed {
  /** Of a position: it is one Kafka record, of 1 MiB by default; each takes 11 bytes. */
  private static final int MAX_IDS = 60_000;

  /** Pages of which a pass remembers that it has asked for them. */
  private static final int MAX_VISITED = 100_000;

  private static final String POSITION = "list";

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final Origin.Api origin;
  private final ApiClient client;
  private final ApiPages pages;
  private final PageLayout layout;
  private final JsonRowDecoder decoder;
  private final HighWater highWater;
  private final Clock clock;

  /** Whether a transaction that is open during a request might be aborted for its age. */
  private final boolean mayTakeLong;

  private ApiPlace place = ApiPlace.START;
  private Optional<Instant> began = Optional.empty();
  private long rows;
  private JsonNode moved = JsonNodeFactory.instance.nullNode();

  private final Set<Long> visited = new HashSet<>();

  /** The records of the page before, as bytes. */
  private ByteBuffer content = NOTHING;

  ApiFeed(RelationDefinition source, Origin.Api origin, Clock clock) {
    this.origin = origin;
    this.clock = clock;
    this.client = new ApiClient(origin.request(), clock);
    this.mayTakeLong = Transaction.isLong(origin.request().timeout());
    this.pages = new ApiPages(origin);
    this.layout =
        new PageLayout(
            origin.list().records(),
            pages.cursor(),
            fields(origin).map(RecordField::pointer).toList());
    this.decoder = new JsonRowDecoder(source.schema());
    this.highWater = new HighWater(source.name(), origin.list().incremental(), clock);
  }

  /** What a record is told apart by. */
  private static Stream<RecordField> fields(Origin.Api origin) {
    return Stream.concat(
        origin.list().id().stream(), origin.list().incremental().stream().map(Incremental::field));
  }

  /** Asks nothing: whether an API answers now says little of whether it will. */
  @Override
  public void check() {
    pages.request(ApiPlace.START, highWater.since());
  }

  @Override
  public void restore(Positions committed) {
    moved = committed.entries().getOrDefault(POSITION, JsonNodeFactory.instance.nullNode());
    highWater.restore(moved.path("highWater"), committed.entries());
    if (moved.isNull()) {
      place = ApiPlace.START;
      began = Optional.empty();
      rows = 0;
      return;
    }
    String of = moved.path("of").asText();
    if (!of.equals(list())) {
      throw new Unavailable(
          "What is published is of another list: '%s', and the definition says '%s'. Put it back, or give the pipeline or the source a new name."
              .formatted(of, list()));
    }
    place = ApiPlace.of(moved.path("place"));
    rows = moved.path("rows").asLong();
    began = Optional.ofNullable(moved.get("began")).map(at -> Instant.ofEpochMilli(at.asLong()));
  }

  /** What a position is meaningless without. */
  private String list() {
    return origin.summary()
        + origin.list().incremental().map(by -> ", behind " + by.field().written()).orElse("");
  }

  @Override
  public void pass(Publication out) {
    visited.clear();
    if (place.isFirst() || began.isEmpty()) {
      began = Optional.of(clock.instant());
    }
    try {
      while (!out.isStopped() && page(out)) {
        if (mayTakeLong || out.isDue()) {
          move(out);
          out.commit();
        }
      }
      move(out);
    } catch (TransientException e) {
      move(out);
      out.commit(); // whole pages: who is asked to wait for each one would never come further
      throw e;
    } finally {
      content = NOTHING;
    }
  }

  /** Whether there is another one behind it. */
  private boolean page(Publication out) {
    String what = origin.request() + " page " + place.page();
    ApiPages.Request request = pages.request(place, highWater.since());
    ApiAnswer answer = client.ask(request.url(), request.body(), what);
    JsonPage page = parsed(answer, what);
    Optional<ApiPlace> unfinished = place.unfinished().filter(before -> page.size() > 0);
    if (unfinished.isPresent()) {
      place = unfinished.get();
      content = NOTHING; // it may be the same as before
      return true;
    }
    Optional<JsonNode> next = pages.next(place, answer, page, what);
    if (next.isPresent() && isLoop(pages.asked(place, request), next.get(), page, what)) {
      next = Optional.empty();
    }
    publish(page, out);
    if (next.isPresent()) {
      place = place.next(next.get());
    } else if (origin.list().incremental().isPresent()) {
      place = ApiPlace.START;
      highWater.turn(out);
    } else {
      place = pages.last(place, page);
    }
    requireFew();
    return next.isPresent();
  }

  private JsonPage parsed(ApiAnswer answer, String what) {
    if (answer.status() == 204) {
      return JsonPage.empty(layout, decoder);
    }
    try {
      return JsonPage.parse(answer.body(), layout, decoder);
    } catch (DecodeException e) {
      Answers answers = client.answers();
      throw new Unavailable(
          "%s: the answer can not be read: %s. It begins: %s"
              .formatted(what, answers.hidden(e.getMessage()), answers.beginning(answer.body())),
          e);
    }
  }

  /**
   * Whether the API has nothing more, and says so by leading back to a page without records.
   *
   * @throws Unavailable if the same records would come again and again
   */
  private boolean isLoop(JsonNode at, JsonNode next, JsonPage page, String what) {
    if (visited.size() == MAX_VISITED) {
      visited.clear();
    }
    visited.add(IdSet.hash(at.toString().getBytes(UTF_8)));
    if (visited.contains(IdSet.hash(next.toString().getBytes(UTF_8)))) {
      if (page.size() == 0) {
        return true;
      }
      throw new Unavailable(
          what
              + ": the page behind it is one that was read before, so there would be no end; correct 'paging'");
    }
    if (!pages.areCounted()) {
      return false;
    }
    ByteBuffer before = content;
    content = page.content();
    if (content.equals(before) && page.size() > 0) {
      throw new Unavailable(
          what
              + ": it is the same as the page before it; does the API know the parameter of 'paging'?");
    }
    return false;
  }

  private void publish(JsonPage page, Publication out) {
    IdSet ids = new IdSet();
    String begin = name();
    for (int i = 0; i < page.size(); i++) {
      if (!origin.list().id().isEmpty()) {
        publish(page, i, ids, out);
      } else if (i >= place.rows()) {
        row(begin + i, page, i, out);
      }
    }
    place = place.read(page.size(), pages.isFull(place, page.size()), ids);
  }

  /** A record with an id, unless it is published already. */
  private void publish(JsonPage page, int index, IdSet ids, Publication out) {
    Named record;
    try {
      record = named(page.values(index));
    } catch (DecodeException e) {
      byte[] raw = page.record(index);
      long id = IdSet.hash(raw);
      if (ids.add(id) && !place.contains(id) && isNewOdd(id)) {
        unreadable(index, rows++, raw, e.getMessage(), out);
      }
      return;
    }
    long id = IdSet.hash(record.name().getBytes(UTF_8));
    String name = record.name();
    boolean known = !ids.add(id) || place.contains(id);
    if (known || record.value().filter(value -> highWater.isOld(value, name)).isPresent()) {
      return;
    }
    row(name, page, index, out);
    record.value().ifPresent(value -> highWater.published(value, name));
  }

  private boolean isNewOdd(long id) {
    return origin.list().incremental().isEmpty() || highWater.addOdd(id);
  }

  /**
   * A record that is told apart.
   *
   * @param value that tells whether it is new
   */
  private record Named(String name, Optional<ApiValue> value) {}

  /**
   * @param values of {@link #fields}
   */
  private Named named(JsonNode[] values) throws DecodeException {
    List<RecordField> fields = origin.list().id();
    ArrayNode id = JsonNodeFactory.instance.arrayNode();
    for (int i = 0; i < fields.size(); i++) {
      id.add(single(values[i], fields.get(i), "id"));
    }
    String name = id.size() == 1 ? id.get(0).asText() : id.toString();
    if (origin.list().incremental().isEmpty()) {
      return new Named(name, Optional.empty());
    }
    RecordField field = origin.list().incremental().get().field();
    ApiValue value = ApiValue.of(single(values[fields.size()], field, "incremental").asText());
    Optional<String> problem = highWater.problem(value);
    if (problem.isPresent()) {
      throw new DecodeException("field '%s': %s".formatted(field.written(), problem.get()));
    }
    return new Named(name + "@" + value, Optional.of(value));
  }

  private static JsonNode single(JsonNode value, RecordField field, String use)
      throws DecodeException {
    if (!value.isValueNode() || value.isNull()) {
      throw new DecodeException(
          "field '%s' of '%s' is missing, or no single value".formatted(field.written(), use));
    }
    return value;
  }

  private void row(String id, JsonPage page, int index, Publication out) {
    long number = rows++;
    try {
      out.row(id, number, page.row(index));
    } catch (DecodeException e) {
      unreadable(index, number, page.record(index), e.getMessage(), out);
    }
  }

  private void unreadable(int index, long number, byte[] raw, String reason, Publication out) {
    byte[] beginning = Arrays.copyOf(raw, Math.min(raw.length, RowSplitter.MAX_ROW_BYTES));
    out.unreadable(name() + index, number, beginning, reason);
  }

  /** Of a record by its place in the list, up to its index. */
  private String name() {
    String since = highWater.since().map(value -> " since " + value).orElse("");
    return origin.request().shown() + since + " page " + place.page() + " #";
  }

  /** A position is one Kafka record. */
  private void requireFew() {
    int ids = place.size() + highWater.size();
    if (ids > MAX_IDS) {
      throw new Unavailable(
          "%s: %d records would have to be remembered, of two pages and those without an id, and %d can be; ask for smaller pages"
              .formatted(origin.request(), ids, MAX_IDS));
    }
  }

  /** Behind the last whole page, unless the position is there already. */
  private void move(Publication out) {
    ObjectNode position = JsonNodeFactory.instance.objectNode().put("of", list()).put("rows", rows);
    position.set("place", place.json());
    if (origin.list().incremental().isPresent()) {
      highWater.save(out);
      if (!place.isFirst()) {
        began.ifPresent(at -> position.put("began", at.toEpochMilli()));
      }
      position.set("highWater", highWater.json());
    }
    // By their texts: a number that was read is of another kind than one that was made.
    if (!position.toString().equals(moved.toString())) {
      moved = position;
      out.position(POSITION, position);
    }
  }

  @Override
  public Optional<Instant> began() {
    return origin.list().incremental().flatMap(by -> began);
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
