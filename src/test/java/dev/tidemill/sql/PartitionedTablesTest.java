package dev.tidemill.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A table that is not replicated is looked up by the Kafka keys of both sides, or refused. */
class PartitionedTablesTest {
  private static final String BY_KEY = "SELECT a.city FROM flights f JOIN airports a ON %s";
  private static final String NOT_BY_KEYS =
      "15:35: a table that is not replicated is joined by the Kafka keys of both sides, of the same"
          + " type: write ON flights.origin = airports.iata, or remove 'replicate: false'";

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "f.origin = a.iata",
        "a.iata = f.origin AND f.miles > a.nr",
        "a.nr = f.miles AND a.iata = f.origin",
        "f.origin = a.iata LEFT JOIN states s ON a.state = s.code LEFT JOIN airports b"
            + " ON b.iata = f.origin",
      })
  void a_join_by_the_keys_is_fine(String condition) throws IOException {
    assertThat(problems("key: origin", 4, BY_KEY.formatted(condition))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "f.destination = a.iata",
        "f.origin = a.city",
        "UPPER(f.origin) = a.iata",
        "f.miles = a.nr",
        "f.origin = a.iata JOIN airports b ON b.iata = a.state",
        "f.origin = a.iata JOIN states s ON a.state = s.code JOIN airports b ON b.iata = s.code",
      })
  void another_join_is_refused_with_what_to_write(String condition) throws IOException {
    assertThat(problems("key: origin", 4, BY_KEY.formatted(condition)))
        .containsExactly(NOT_BY_KEYS);
  }

  @Test
  void the_key_of_the_stream_may_be_within_a_record() throws IOException {
    assertThat(problems("key: plane.base", 4, BY_KEY.formatted("f.plane.base = a.iata"))).isEmpty();
    assertThat(problems("key: plane.base", 4, BY_KEY.formatted("f.plane.tail = a.iata")))
        .containsExactly(NOT_BY_KEYS.replace("flights.origin", "flights.plane.base"));
  }

  @Test
  void keys_of_different_types_have_different_bytes() throws IOException {
    assertThat(
            problems(
                "key: miles",
                4,
                "SELECT a.city FROM flights f JOIN airports a ON f.miles = CAST(a.iata AS INTEGER)"))
        .containsExactly(NOT_BY_KEYS.replace("flights.origin", "flights.miles"));
  }

  @Test
  void a_stream_must_say_its_key() throws IOException {
    assertThat(problems("", 4, BY_KEY.formatted("f.origin = a.iata")))
        .containsExactly(
            "15:35: a table that is not replicated is looked up by the Kafka key of the stream, and"
                + " source 'flights' does not say which field that is; write 'key' there, or remove"
                + " 'replicate: false'");
  }

  @Test
  void a_table_that_is_read_as_a_whole_is_needed_by_all() throws IOException {
    assertThat(
            problems(
                "key: origin",
                4,
                "SELECT f.origin FROM flights f WHERE f.miles > (SELECT MAX(nr) FROM airports)"))
        .containsExactly(
            "15:35: the statement reads all of table 'airports', so each instance needs it; remove"
                + " 'replicate: false'");
  }

  @Test
  void both_have_the_same_number_of_partitions() throws IOException {
    assertThat(problems("key: origin", 3, BY_KEY.formatted("f.origin = a.iata")))
        .containsExactly(
            "15:35: a table that is not replicated has as many partitions as the streams: table"
                + " 'airports' has 3, source 'flights' has 4; write 'partitions: 4' in the table's"
                + " file");
  }

  /**
   * @param key of the stream
   * @param partitions of the table; the stream has 4
   */
  private List<String> problems(String key, int partitions, String sql) throws IOException {
    file(
        "flight.avsc",
        """
        {"type": "record", "name": "Flight", "fields": [
          {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}},
          {"name": "origin", "type": "string"}, {"name": "destination", "type": "string"},
          {"name": "miles", "type": "int"},
          {"name": "plane", "type": ["null", {"type": "record", "name": "Plane", "fields": [
            {"name": "tail", "type": "string"}, {"name": "base", "type": "string"}]}]}]}
        """);
    file(
        "airport.avsc",
        """
        {"type": "record", "name": "Airport", "fields": [
          {"name": "iata", "type": "string"}, {"name": "city", "type": "string"},
          {"name": "state", "type": "string"}, {"name": "nr", "type": "int"}]}
        """);
    file(
        "state.avsc",
        """
        {"type": "record", "name": "State", "fields": [{"name": "code", "type": "string"}]}
        """);
    file("data.csv", "");
    boolean states = sql.contains("states");
    Path yaml =
        file(
            "pipeline.yaml",
            """
            pipeline: flights
            batch: {every: "@daily"}
            load:
              - duckdb: {path: out.duckdb, table: flights}
            sources:
              flights:
                file: {path: data.csv, format: json}
                schema: flight.avsc
                event-time: at
                # the key
                %s
              airports:
                file: {path: data.csv, format: csv, partitions: %d}
                schema: airport.avsc
                table: {key: iata, replicate: false}
            %s
            sql: %s
            """
                .formatted(
                    key,
                    partitions,
                    states
                        ? """
                            states:
                              file: {path: data.csv, format: csv}
                              schema: state.avsc
                              table: {key: code}
                          """
                        : "",
                    sql));
    return CompiledPipeline.check(yaml, name -> null).problems().stream()
        .map(problem -> problem.position() + ": " + problem.message())
        .toList();
  }

  private Path file(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content);
  }
}
