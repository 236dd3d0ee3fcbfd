package dev.tidemill.extract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.cli.Await;
import dev.tidemill.cli.SharedCluster;
import dev.tidemill.definition.Unavailable;
import dev.tidemill.extract.ApiServer.Asked;
import dev.tidemill.extract.ApiServer.Reply;
import dev.tidemill.schema.Headers;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each record of an API's list is published once, whatever happens meanwhile. */
@Timeout(60)
class ApiExtractorTest {
  private static final AtomicInteger NAMES = new AtomicInteger();

  @TempDir Path folder;
  private ApiServer server;
  private ApiFixture fixture;

  /** The ways of paging, with what a definition says and what the API does. */
  enum Pages {
    LINK("paging: {by: link}", Orders::byLink),
    CURSOR("paging: {by: cursor, from: /meta/next, parameter: after}", Orders::byCursor),
    PAGE("paging: {by: page, limit: 4}", Orders::byPage),
    OFFSET("paging: {by: offset, limit: 4}", Orders::byOffset);

    private final String yaml;
    private final BiFunction<Orders, Asked, Reply> api;

    Pages(String yaml, BiFunction<Orders, Asked, Reply> api) {
      this.yaml = yaml;
      this.api = api;
    }

    Function<Asked, Reply> of(Orders orders) {
      return asked -> api.apply(orders, asked);
    }
  }

  @BeforeEach
  void start() {
    server = new ApiServer(asked -> Reply.status(500, "not yet"));
    fixture =
        new ApiFixture(folder, SharedCluster.brokers(), "api-orders-" + NAMES.incrementAndGet());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private String http(String... more) {
    return "url: "
        + server.url()
        + "/orders\nrecords: /data/items\npartitions: 1\n"
        + String.join("\n", more);
  }

  private static List<Integer> numbers(int from, int to) {
    return IntStream.range(from, to).boxed().toList();
  }

  /** As it is until page {@code number} of this run: from there on it refuses. */
  private static Function<Asked, Reply> until(int number, Function<Asked, Reply> api) {
    AtomicInteger left = new AtomicInteger(number - 1);
    return asked ->
        left.getAndDecrement() > 0 ? api.apply(asked) : Reply.status(404, "out of order");
  }

  @ParameterizedTest
  @EnumSource(Pages.class)
  void from_behind_each_page_exactly_the_rest_comes(Pages paging) {
    Orders orders = Orders.numbered(0, 16);
    for (int pages = 1; pages <= 3; pages++) {
      server.answering(until(2, paging.of(orders)));
      assertThatThrownBy(() -> fixture.run(http(paging.yaml))).isInstanceOf(Unavailable.class);
      assertThat(fixture.ids()).isEqualTo(numbers(0, pages * 4));
    }
    server.answering(paging.of(orders));
    fixture.run(http(paging.yaml));
    assertThat(fixture.ids()).isEqualTo(numbers(0, 16));
  }

  @ParameterizedTest
  @EnumSource(Pages.class)
  void every_record_is_published_once_and_then_the_end_and_what_comes_later_too(Pages paging) {
    Orders orders = Orders.numbered(0, 10);
    server.answering(paging.of(orders));
    fixture.run(http(paging.yaml));
    List<ConsumerRecord<byte[], byte[]>> first = fixture.all();
    assertThat(first).hasSize(11);
    assertThat(ApiFixture.header(first.get(10), Headers.END_OF_INPUT)).isPresent();
    orders.all.addAll(Orders.numbered(10, 17).all);
    fixture.run(http(paging.yaml));
    int records = fixture.all().size();
    int positions = fixture.positions();
    fixture.run(http(paging.yaml)); // and finds nothing
    assertThat(fixture.ids()).isEqualTo(numbers(0, 17));
    assertThat(fixture.all()).hasSize(records);
    assertThat(fixture.positions()).as("only that it has looked").isEqualTo(positions + 1);
  }

  @Test
  void one_answer_can_be_the_whole_list() {
    server.answering(asked -> Reply.json("[" + String.join(",", Orders.numbered(0, 3).all) + "]"));
    fixture.run("url: " + server.url() + "/orders\npartitions: 1");
    assertThat(fixture.ids()).isEqualTo(numbers(0, 3));
  }

  @ParameterizedTest
  @EnumSource(
      value = Pages.class,
      names = {"PAGE", "OFFSET"})
  void what_moves_onto_the_next_page_while_it_is_read_is_not_published_again(Pages paging) {
    Orders orders = Orders.numbered(0, 10);
    AtomicInteger asked = new AtomicInteger();
    server.answering(
        question -> {
          if (asked.incrementAndGet() == 2) {
            orders.all.addAll(0, Orders.numbered(90, 93).all);
          }
          return paging.of(orders).apply(question);
        });
    fixture.run(http(paging.yaml, "id: id"));
    assertThat(fixture.ids()).isEqualTo(numbers(0, 10));
  }

  @Test
  void what_comes_to_the_last_page_before_there_is_another_one_is_read() {
    Orders orders = Orders.numbered(0, 6);
    server.answering(
        asked -> {
          if (asked.number("page", 1) == 3 && orders.all.size() == 6) {
            orders.all.addAll(Orders.numbered(6, 11).all);
          }
          return orders.byPage(asked);
        });
    fixture.run(http("paging: {by: page}"));
    assertThat(fixture.ids()).isEqualTo(numbers(0, 11));
  }

  @Test
  void what_moves_is_not_published_again_though_a_page_is_read_again() {
    Orders orders = Orders.numbered(0, 6);
    AtomicInteger asked = new AtomicInteger();
    server.answering(
        question -> {
          if (asked.incrementAndGet() == 2) {
            orders.all.addAll(0, Orders.numbered(90, 93).all);
          }
          return orders.byPage(question);
        });
    fixture.run(http("paging: {by: page}", "id: id"));
    assertThat(fixture.ids()).containsExactly(0, 1, 2, 3, 90, 91, 92, 4, 5);
  }

  @Test
  void an_incremental_pass_asks_for_what_is_new_and_tells_ties_by_their_id() {
    Orders orders = Orders.numbered(0, 8); // two orders have the largest time
    server.answering(orders::since);
    String http =
        http(
            "id: id",
            "incremental: {parameter: since, field: at, start: \"2026-01-01T00:01:00Z\","
                + " overlap: 0}",
            "paging: {by: offset, limit: 4}");
    fixture.run(http);
    assertThat(fixture.ids()).isEqualTo(numbers(3, 8));
    orders.all.addAll(Orders.numbered(8, 12).all);
    fixture.run(http);
    fixture.run(http);
    assertThat(fixture.ids()).isEqualTo(numbers(3, 12));
    assertThat(fixture.published())
        .extracting(record -> ApiFixture.header(record, Headers.ID).orElseThrow())
        .contains("7@2026-01-01T00:02:00Z", "11@2026-01-01T00:03:00Z");
    assertThat(server.asked().get(server.asked().size() - 1).query())
        .containsEntry("since", "2026-01-01T00:03:00Z");
  }

  private String incremental(String overlap) {
    return http(
        "id: id",
        "incremental: {parameter: since, field: at" + overlap + "}",
        "paging: {by: offset, limit: 4}");
  }

  private static void insert(Orders orders, int id, String at) {
    orders.all.add(0, "{\"id\": %d, \"at\": \"%s\"}".formatted(id, at));
  }

  @Test
  void a_record_that_is_late_by_less_than_the_overlap_is_read() {
    Orders orders = Orders.numbered(0, 60); // of twenty minutes
    server.answering(orders::since);
    fixture.run(incremental(", overlap: 7m"));
    insert(orders, 100, Orders.at(37));
    insert(orders, 101, Orders.at(35)); // by eight minutes
    fixture.run(incremental(", overlap: 7m"));
    orders.all.addAll(Orders.numbered(60, 63).all); // of the next minute
    fixture.run(incremental(", overlap: 7m"));
    insert(orders, 102, Orders.at(38)); // too late now
    insert(orders, 103, Orders.at(40));
    fixture.run(incremental(", overlap: 7m"));
    assertThat(fixture.ids())
        .containsExactlyElementsOf(
            Stream.of(numbers(0, 60), List.of(100), numbers(60, 63), List.of(103))
                .flatMap(List::stream)
                .toList());
    assertThat(server.asked().get(server.asked().size() - 1).query())
        .containsEntry("since", "2026-01-01T00:13:00Z");
  }

  @Test
  void times_overlap_by_five_minutes_unless_it_is_written() {
    Orders orders = Orders.numbered(0, 60);
    server.answering(orders::since);
    fixture.run(incremental(""));
    insert(orders, 100, Orders.at(43));
    insert(orders, 101, Orders.at(41));
    fixture.run(incremental(""));
    assertThat(fixture.ids()).hasSize(61).contains(100);
  }

  @Test
  void numbers_overlap_by_a_number() {
    server.answering(
        asked ->
            Reply.json(
                IntStream.range(asked.number("since", 0), asked.number("since", 0) == 0 ? 50 : 55)
                    .filter(id -> id != 45 || asked.number("since", 0) > 0)
                    .mapToObj("{\"id\": %d, \"at\": \"\"}"::formatted)
                    .collect(Collectors.joining(",", "{\"data\": {\"items\": [", "]}}"))));
    String http = http("id: id", "incremental: {parameter: since, field: id, overlap: 9}");
    fixture.run(http);
    fixture.run(http);
    assertThat(server.asked()).extracting(Asked::query).contains(Map.of("since", "40"));
    assertThat(fixture.ids()).hasSize(55).doesNotHaveDuplicates();
  }

  @Test
  void what_moves_by_more_than_a_page_is_told_by_the_overlap() {
    Orders orders = Orders.numbered(0, 30);
    AtomicInteger asked = new AtomicInteger();
    server.answering(
        question -> {
          if (asked.incrementAndGet() == 5) {
            for (int id = 90; id < 100; id++) {
              insert(orders, id, Orders.at(29));
            }
          }
          return orders.since(question);
        });
    fixture.run(incremental(", overlap: 30m"));
    assertThat(fixture.ids()).isEqualTo(numbers(0, 30));
    fixture.run(incremental(", overlap: 30m"));
    assertThat(fixture.ids()).hasSize(40).doesNotHaveDuplicates();
  }

  @Test
  void a_longer_overlap_does_not_bring_back_what_is_forgotten() {
    Orders orders = Orders.numbered(0, 60);
    server.answering(orders::since);
    fixture.run(incremental(", overlap: 1m"));
    fixture.run(incremental(", overlap: 1h"));
    fixture.run(incremental(", overlap: 1h"));
    assertThat(fixture.ids()).isEqualTo(numbers(0, 60));
  }

  @Test
  void a_record_of_the_future_does_not_hide_what_comes_meanwhile() {
    Orders orders = new Orders();
    insert(orders, 0, "2999-01-01T00:00:00Z");
    server.answering(orders::since);
    fixture.run(incremental(", overlap: 0"));
    String soon = Instant.now().plusSeconds(60).toString();
    insert(orders, 1, soon);
    fixture.run(incremental(", overlap: 0"));
    fixture.run(incremental(", overlap: 0"));
    assertThat(fixture.ids()).containsExactly(0, 1);
  }

  @Test
  void what_is_no_time_where_the_overlap_is_one_is_a_reject() {
    Orders orders = Orders.numbered(0, 3);
    insert(orders, 100, "yesterday");
    server.answering(orders::byOffset);
    fixture.run(incremental(", overlap: 10m"));
    fixture.run(incremental(", overlap: 10m"));
    assertThat(fixture.ids()).isEqualTo(numbers(0, 3));
    assertThat(fixture.unreadable())
        .singleElement()
        .asString()
        .endsWith(
            "field 'at': 'yesterday' is no time, of which an 'overlap' of PT10M can be taken");
  }

  @Test
  void what_is_remembered_of_a_long_list_is_only_what_may_come_again() {
    Orders orders = Orders.numbered(0, 120);
    server.answering(orders::since);
    fixture.run(incremental(", overlap: 3m"));
    assertThat(fixture.seen()).as("parts: twelve orders, in pages of four").hasSize(3);
    orders.all.addAll(Orders.numbered(120, 160).all);
    fixture.run(incremental(", overlap: 3m"));
    assertThat(fixture.seen()).hasSizeBetween(3, 4);
    assertThat(fixture.ids()).isEqualTo(numbers(0, 160));
  }

  @Test
  void a_record_that_changes_is_a_new_one_if_its_time_does() {
    Orders orders = Orders.numbered(0, 4);
    server.answering(orders::since);
    String http =
        http(
            "id: id",
            "incremental: {parameter: since, field: at}",
            "paging: {by: offset, limit: 4}");
    fixture.run(http);
    orders.all.remove(1);
    orders.all.add("{\"id\": 1, \"at\": \"" + Orders.at(30) + "\"}");
    fixture.run(http);
    assertThat(fixture.ids()).containsExactly(0, 1, 2, 3, 1);
  }

  @Test
  void an_incremental_pass_that_died_goes_on_where_it_was() {
    Orders orders = Orders.numbered(0, 16);
    String http =
        http(
            "id: id",
            "incremental: {parameter: since, field: at}",
            "paging: {by: offset, limit: 4}");
    server.answering(until(3, orders::since));
    assertThatThrownBy(() -> fixture.run(http)).isInstanceOf(Unavailable.class);
    server.answering(orders::since);
    fixture.run(http);
    assertThat(fixture.ids()).isEqualTo(numbers(0, 16));
  }

  /** What came meanwhile may be on a page that was read before. */
  @Test
  void a_pass_that_died_has_read_only_what_was_there_when_it_began() {
    fixture.completeAfter("1ms");
    Orders orders = Orders.numbered(0, 16);
    String http =
        http(
            "id: id",
            "incremental: {parameter: since, field: at}",
            "paging: {by: offset, limit: 4}",
            "poll: 1h");
    server.answering(until(3, orders::since));
    assertThatThrownBy(() -> fixture.run(http)).isInstanceOf(Unavailable.class);
    long died = System.currentTimeMillis();
    server.answering(orders::since);
    try (Extractor extractor = fixture.extractor(http)) {
      extractor.start();
      awaitRows(extractor, 16);
      Await.until(
          "it says what is complete",
          Duration.ofSeconds(30),
          () -> fixture.all().stream().anyMatch(r -> r.value() == null));
    }
    assertThat(fixture.all())
        .filteredOn(record -> record.value() == null)
        .extracting(
            mark ->
                ByteBuffer.wrap(mark.headers().lastHeader(Headers.COMPLETE_TO).value()).getLong())
        .singleElement()
        .satisfies(time -> assertThat(time).isLessThan(died));
  }

  @Test
  void it_polls_until_it_is_told_to_end() {
    Orders orders = Orders.numbered(0, 6);
    server.answering(orders::byLink);
    try (Extractor extractor = fixture.extractor(http("paging: {by: link}", "poll: 5ms"))) {
      extractor.start();
      awaitRows(extractor, 6);
      orders.all.addAll(Orders.numbered(6, 9).all);
      awaitRows(extractor, 9);
    }
    assertThat(fixture.ids()).isEqualTo(numbers(0, 9));
    assertThat(fixture.all())
        .noneMatch(record -> ApiFixture.header(record, Headers.END_OF_INPUT).isPresent());
  }

  private static void awaitRows(Extractor extractor, int rows) {
    Await.until(
        rows + " rows",
        Duration.ofSeconds(30),
        () -> extractor.progress().rows() == rows || extractor.failure().isPresent());
    assertThat(extractor.failure()).isEmpty();
  }

  @Test
  void a_record_that_does_not_fit_is_a_reject_with_its_place_and_the_others_are_read() {
    server.answering(
        asked ->
            Reply.json(
                "{\"data\": {\"items\": [%s, {\"id\": \"x\", \"at\": \"\"}, 7, %s]}}"
                    .formatted(Orders.order(0), Orders.order(1))));
    fixture.run(http());
    assertThat(fixture.ids()).containsExactly(0, 1);
    assertThat(fixture.unreadable())
        .satisfiesExactly(
            first ->
                assertThat(first).startsWith(server.url() + "/orders page 1 #1: ").contains("id"),
            second -> assertThat(second).startsWith(server.url() + "/orders page 1 #2: "));
    assertThat(fixture.published())
        .anySatisfy(
            record ->
                assertThat(new String(record.value())).isEqualTo("{\"id\": \"x\", \"at\": \"\"}"));
  }

  @Test
  void a_record_without_its_id_is_one_reject_however_often_it_comes() {
    server.answering(asked -> Reply.json("{\"data\": {\"items\": [{\"at\": \"2026\"}]}}"));
    String http = http("id: id", "incremental: {parameter: since, field: at}");
    fixture.run(http);
    fixture.run(http);
    assertThat(fixture.unreadable()).singleElement().asString().contains("'id'");
  }

  @Test
  void a_number_that_no_decimal_can_hold_ends_nothing() {
    server.answering(
        asked ->
            Reply.json(
                "{\"data\": {\"items\": [%s, %s]}}"
                    .formatted(
                        "{\"id\": 1, \"at\": \"2026\", \"n\": 5e99999999999}",
                        "{\"id\": 5e99999999999, \"at\": \"2026\"}")));
    fixture.run(http("id: id"));
    assertThat(fixture.ids()).containsExactly(1);
    assertThat(fixture.unreadable()).singleElement().asString().contains("'id'");
  }

  @Test
  void parameters_can_be_places_in_the_body() {
    Orders orders = Orders.numbered(0, 10);
    server.answering(
        asked -> {
          int from =
              asked.body().contains("after")
                  ? Integer.parseInt(asked.body().replaceAll(".*\"after\":\"([0-9]+)\".*", "$1"))
                  : 0;
          return orders.byCursor(
              new Asked(
                  "GET", "", Collections.singletonMap("after", "" + from), asked.headers(), ""));
        });
    fixture.run(
        http(
            "method: POST",
            "body: '{\"query\": \"orders\"}'",
            "paging: {by: cursor, from: /meta/next, parameter: /variables/after}"));
    assertThat(fixture.ids()).isEqualTo(numbers(0, 10));
    assertThat(server.asked()).extracting(Asked::method).containsOnly("POST");
    assertThat(server.asked().get(1).body())
        .isEqualTo("{\"query\":\"orders\",\"variables\":{\"after\":\"4\"}}");
  }

  @Test
  void another_list_is_not_taken_for_the_one_that_was_read() {
    server.answering(Orders.numbered(0, 3)::byPage);
    fixture.run(http("paging: {by: page}"));
    assertThatThrownBy(() -> fixture.run(http("paging: {by: offset}")))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("pages by number")
        .hasMessageContaining("new name");
  }

  /** As it is, but each page only the second time. */
  private static Function<Asked, Reply> inTrouble(Function<Asked, Reply> api) {
    List<Reply> troubles =
        List.of(
            Reply.status(429, "slowly").with("Retry-After", "0"),
            Reply.status(500, "oops"),
            Reply.json("{\"data\": {\"items\": [").cutTo(12),
            Reply.status(503, "").with("Retry-After", "Thu, 01 Jan 1970 00:00:00 GMT"));
    AtomicInteger asked = new AtomicInteger();
    return question -> {
      int number = asked.getAndIncrement();
      return number % 2 == 0 ? troubles.get(number / 2 % troubles.size()) : api.apply(question);
    };
  }

  @Test
  void in_trouble_at_each_page_every_record_is_published_once() {
    server.answering(inTrouble(Orders.numbered(0, 16)::byCursor));
    try (Extractor extractor =
        fixture.extractor(http(Pages.CURSOR.yaml), Transaction.Limit.DEFAULT, Clock.systemUTC())) {
      extractor.start();
      assertThat(extractor.await(Duration.ofSeconds(30))).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    assertThat(fixture.ids()).isEqualTo(numbers(0, 16));
  }

  @Test
  void no_transaction_is_open_while_a_page_may_take_longer_than_one() throws Exception {
    Orders orders = Orders.numbered(0, 10);
    List<Integer> committed = new CopyOnWriteArrayList<>();
    server.answering(
        asked -> {
          committed.add(fixture.all().size());
          return orders.byLink(asked);
        });
    try (Extractor extractor =
        fixture.extractor(
            http("paging: {by: link}", "timeout: 45s"),
            new Transaction.Limit(1_000, Duration.ofMinutes(1)),
            Clock.systemUTC())) {
      extractor.start();
      assertThat(extractor.await(Duration.ofSeconds(40))).isTrue();
    }
    assertThat(committed).containsExactly(0, 4, 8);
  }

  @Test
  void it_can_be_ended_while_it_leaves_a_server_alone() {
    Reply busy = Reply.status(429, "slowly").with("Retry-After", "900");
    Orders orders = Orders.numbered(0, 6);
    server.answering(asked -> asked.query().isEmpty() ? orders.byLink(asked) : busy);
    try (Extractor extractor = fixture.extractor(http("paging: {by: link}"))) {
      extractor.start();
      awaitRows(extractor, 4);
    }
    server.answering(orders::byLink);
    fixture.run(http("paging: {by: link}"));
    assertThat(fixture.ids()).isEqualTo(numbers(0, 6));
  }

  private void assertRefused(Function<Asked, Reply> api, String paging, String... parts) {
    server.answering(api);
    assertThatThrownBy(() -> fixture.run(http(paging)))
        .isInstanceOf(Unavailable.class)
        .hasMessageContainingAll(parts);
  }

  @Test
  void what_is_no_list_is_told_with_how_it_begins() {
    String what = "GET " + server.url() + "/orders page 1: ";
    assertRefused(asked -> Reply.json("<html>Sign in"), "", what, "not JSON", "<html>Sign in");
    assertRefused(asked -> Reply.json("{\"data\": {\"items\": ["), "", what, "not all of it");
    assertRefused(asked -> Reply.json("{\"error\": 1}"), "", what, "/data/items", "[error]");
    assertThat(fixture.all()).isEmpty();
  }

  @Test
  void a_cursor_that_leads_back_is_told_before_a_record_comes_again() {
    Reply same =
        Reply.json(
            "{\"data\": {\"items\": [%s]}, \"meta\": {\"next\": \"4\"}}"
                .formatted(Orders.order(0)));
    assertRefused(
        asked -> same, Pages.CURSOR.yaml, "page 2: the page behind it is one that was read before");
    assertThat(fixture.ids()).containsExactly(0);
  }

  @Test
  void a_cursor_that_leads_from_an_empty_page_to_itself_is_the_end() {
    Orders orders = Orders.numbered(0, 2);
    server.answering(
        asked ->
            Reply.json(
                "{\"data\": {\"items\": [%s]}, \"meta\": {\"next\": %d}}"
                    .formatted(
                        String.join(
                            ",", orders.all.subList(asked.number("after", 0), orders.all.size())),
                        orders.all.size())));
    fixture.run(http(Pages.CURSOR.yaml));
    orders.all.addAll(Orders.numbered(2, 3).all);
    fixture.run(http(Pages.CURSOR.yaml));
    assertThat(fixture.ids()).isEqualTo(numbers(0, 3));
  }

  @Test
  void a_link_to_the_first_page_is_told_before_a_record_comes_again() {
    Orders orders = Orders.numbered(0, 4);
    assertRefused(
        asked -> orders.byPage(asked).with("Link", "</orders>; rel=next"),
        Pages.LINK.yaml,
        "page 1: the page behind it is one that was read before");
  }

  @Test
  void an_api_that_does_not_know_the_parameter_is_told_before_a_record_comes_again() {
    Orders orders = Orders.numbered(0, 4);
    assertRefused(
        asked -> orders.byPage(new Asked("GET", "", Map.of(), asked.headers(), "")),
        Pages.PAGE.yaml,
        "page 2: it is the same as the page before it");
    assertThat(fixture.ids()).isEqualTo(numbers(0, 4));
  }

  @Test
  void a_page_with_more_ids_than_a_position_can_hold_is_told() {
    String many =
        IntStream.range(0, 60_001)
            .mapToObj(i -> "{\"id\": %d}".formatted(i))
            .collect(Collectors.joining(","));
    assertRefused(
        asked -> Reply.json("{\"data\": {\"items\": [" + many + "]}}"), "id: id", "60000");
  }

  @Test
  void no_content_is_no_record() {
    server.answering(asked -> Reply.status(204, ""));
    fixture.run(http(Pages.LINK.yaml));
    assertThat(fixture.ids()).isEmpty();
  }
}
