package dev.tidemill.topology;

import dev.tidemill.sql.EvaluationException;
import dev.tidemill.sql.Query;
import dev.tidemill.sql.Rows;
import dev.tidemill.sql.TableAccess;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;

/** A small table that does not change, for statements that look up keys of events in "names". */
record SomeNames(List<TableContents> readings) implements TableAccess {
  static final Schema SCHEMA =
      SchemaBuilder.record("Name").fields().requiredString("k").requiredString("name").endRecord();

  /** Keys of events, but not all. */
  private static final List<String> KEYS = List.of("a", "k0", "k3", "k6");

  static SomeNames of(Query query) {
    List<TableContents> readings = query.tables().stream().map(TableContents::new).toList();
    for (TableContents reading : readings) {
      for (String key : KEYS) {
        try {
          reading.put(key.getBytes(StandardCharsets.UTF_8), new Object[] {key, "name of " + key});
        } catch (EvaluationException e) {
          throw new AssertionError(e);
        }
      }
    }
    return new SomeNames(readings);
  }

  /** The same for an oracle. */
  static String sql() {
    return KEYS.stream()
        .map(key -> "('%s', 'name of %s')".formatted(key, key))
        .collect(
            Collectors.joining(", ", "CREATE TABLE names AS FROM (VALUES ", ") AS t(k, name)"));
  }

  @Override
  public Object[][] find(int reading, byte[] key) {
    return readings.get(reading).find(key);
  }

  /** They have always been the same. */
  @Override
  public Object[][] find(int reading, byte[] key, long time) {
    return find(reading, key);
  }

  @Override
  public Rows all(int reading) {
    return readings.get(reading).all();
  }
}
