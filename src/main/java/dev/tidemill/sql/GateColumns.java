package dev.tidemill.sql;

import dev.tidemill.batch.JoinCount;
import dev.tidemill.batch.LedgerEntry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.apache.avro.Schema;

/**
 * The columns of a gate's condition: the books of the batch, what its joins found, and what those
 * of the published batches before it were, such as {@code avg_rows_last_7}.
 */
final class GateColumns {
  private static final Map<String, ToLongFunction<LedgerEntry>> BOOKS = new LinkedHashMap<>();

  static {
    BOOKS.put("read", entry -> entry.books().read());
    BOOKS.put("accepted", entry -> entry.books().accepted());
    BOOKS.put("filtered", entry -> entry.books().filtered());
    BOOKS.put("rejected", entry -> entry.books().rejected());
    BOOKS.put("duplicate", entry -> entry.books().duplicate());
    BOOKS.put("late", entry -> entry.books().late());
    BOOKS.put(GateText.ROWS, LedgerEntry::resultRows); // of one statement, if there are several
  }

  private static final Pattern JOIN =
      Pattern.compile(
          "(?:(?:avg|min|max)_)?(?:hits|misses|waited_out)_(.+?)(?:_last_[1-9][0-9]{0,2})?");

  /** One column that looks back. */
  private record Past(
      String name, String function, ToLongFunction<LedgerEntry> count, int batches) {

    /** NULL until there are as many batches. */
    Object value(List<LedgerEntry> before) {
      if (before.size() < batches) {
        return null;
      }
      LongStream counts = before.stream().limit(batches).mapToLong(count);
      return switch (function) {
        case "min" -> (Object) counts.min().getAsLong();
        case "max" -> (Object) counts.max().getAsLong();
        default -> (Object) ((double) counts.sum() / batches);
      };
    }
  }

  private final Map<String, ToLongFunction<LedgerEntry>> counts = new LinkedHashMap<>(BOOKS);
  private final List<Past> past = new ArrayList<>();
  private final Set<String> named = new LinkedHashSet<>();

  /**
   * @param condition the text without its statements
   * @param output whose rows and joins are meant
   */
  GateColumns(String condition, Output output) {
    counts.put(GateText.ROWS, entry -> entry.resultRows(output.name()));
    for (String join : output.joins()) {
      String name = join.toLowerCase(Locale.ROOT);
      counts.put("hits_" + name, entry -> of(entry, output.nameOf(join)).hits());
      counts.put("misses_" + name, entry -> of(entry, output.nameOf(join)).misses());
      counts.put("waited_out_" + name, entry -> of(entry, output.nameOf(join)).waitedOut());
    }
    Pattern looksBack =
        Pattern.compile("(avg|min|max)_(" + countNames() + ")_last_([1-9][0-9]{0,2})");
    for (String word : GateText.words(condition)) {
      String name = word.toLowerCase(Locale.ROOT);
      Matcher matcher = looksBack.matcher(name);
      if (counts.containsKey(name)) {
        named.add(name);
      } else if (matcher.matches() && named.add(name)) {
        String count = matcher.group(2).equals("rows") ? GateText.ROWS : matcher.group(2);
        past.add(
            new Past(
                name, matcher.group(1), counts.get(count), Integer.parseInt(matcher.group(3))));
      }
    }
  }

  /** One with every join that a condition names; for one whose joins are not known. */
  static Output anyOutput(String condition) {
    List<String> joins = new ArrayList<>();
    for (String word : GateText.words(condition)) {
      Matcher matcher = JOIN.matcher(word.toLowerCase(Locale.ROOT));
      if (matcher.matches()) {
        joins.add(matcher.group(1));
      }
    }
    Schema nothing = Schema.createRecord("Result", null, "dev.tidemill", false, List.of());
    return new Output("", nothing, 0, joins.stream().distinct().toList());
  }

  private static JoinCount of(LedgerEntry entry, String join) {
    return entry.joins().getOrDefault(join, JoinCount.NONE);
  }

  private String countNames() {
    return String.join("|", counts.keySet()).replace(GateText.ROWS, "rows");
  }

  /** How many published batches the columns need. */
  int lookBack() {
    return past.stream().mapToInt(Past::batches).max().orElse(0);
  }

  List<Schema.Field> fields() {
    List<Schema.Field> fields = new ArrayList<>();
    counts.keySet().forEach(name -> fields.add(field(name, Schema.create(Schema.Type.LONG))));
    for (Past column : past) {
      Schema type =
          Schema.create(column.function.equals("avg") ? Schema.Type.DOUBLE : Schema.Type.LONG);
      fields.add(field(column.name, Schema.createUnion(Schema.create(Schema.Type.NULL), type)));
    }
    return fields;
  }

  static Schema.Field field(String name, Schema type) {
    return new Schema.Field(name, type, null, (Object) null);
  }

  /** In the order of {@link #fields}. */
  List<Object> values(LedgerEntry entry, List<LedgerEntry> before) {
    List<Object> values = new ArrayList<>();
    counts.values().forEach(count -> values.add(count.applyAsLong(entry)));
    past.forEach(column -> values.add(column.value(before)));
    return values;
  }

  /** The columns that the condition names, for people. */
  List<String> seen(LedgerEntry entry, List<LedgerEntry> before) {
    List<String> seen = new ArrayList<>();
    for (String name : named) {
      Object value =
          counts.containsKey(name)
              ? counts.get(name).applyAsLong(entry)
              : past.stream()
                  .filter(p -> p.name.equals(name))
                  .findFirst()
                  .orElseThrow()
                  .value(before);
      seen.add(GateText.forPeople(name) + " = " + (value == null ? "NULL" : value));
    }
    return seen;
  }
}
