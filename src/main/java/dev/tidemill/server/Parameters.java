package dev.tidemill.server;

import dev.tidemill.batch.BatchState;
import dev.tidemill.definition.Nearest;
import dev.tidemill.events.EventType;
import dev.tidemill.query.Group;
import dev.tidemill.query.QueryProblem;
import io.javalin.http.Context;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The part of a URL behind the question mark. */
final class Parameters {
  private static final String KEY = "key.";

  private final Map<String, String> values;

  private Parameters(Map<String, String> values) {
    this.values = values;
  }

  static Parameters of(Context context, Set<String> known) throws QueryProblem {
    return of(context, known, null);
  }

  /**
   * @param prefix of names that are known too; null for none
   * @throws QueryProblem for a name that is not known, or is there twice
   */
  static Parameters of(Context context, Set<String> known, String prefix) throws QueryProblem {
    Map<String, String> values = new LinkedHashMap<>();
    for (Map.Entry<String, List<String>> parameter : context.queryParamMap().entrySet()) {
      String name = parameter.getKey();
      if (!known.contains(name) && (prefix == null || !name.startsWith(prefix))) {
        throw bad(
            "there is no parameter '%s' here; %s"
                .formatted(
                    name,
                    known.isEmpty()
                        ? "there is none"
                        : "known are " + String.join(", ", new TreeSet<>(known))));
      }
      if (parameter.getValue().size() > 1) {
        throw bad("'" + name + "' is given twice; give it once");
      }
      values.put(name, parameter.getValue().get(0));
    }
    return new Parameters(values);
  }

  Optional<String> text(String name) {
    return Optional.ofNullable(values.get(name));
  }

  Optional<Instant> instant(String name) throws QueryProblem {
    return values.containsKey(name)
        ? Optional.of(instant(name, values.get(name)))
        : Optional.empty();
  }

  static Instant instant(String name, String text) throws QueryProblem {
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      throw bad(
          "%s: '%s' is no time; write it in UTC, such as 2001-01-01T05:00:00Z"
              .formatted(name, text));
    }
  }

  int number(String name, int otherwise, int most) throws QueryProblem {
    int number = values.containsKey(name) ? number(name, values.get(name), most) : otherwise;
    if (number < 1) {
      throw bad("'%s' must be 1 to %d".formatted(name, most));
    }
    return number;
  }

  static int number(String name, String text, int most) throws QueryProblem {
    if (text.matches("[0-9]{1,9}") && Integer.parseInt(text) <= most) {
      return Integer.parseInt(text);
    }
    throw bad("'%s' must be a number up to %d, not '%s'".formatted(name, most, text));
  }

  /** Empty for every event. */
  String eventPrefix(String name) throws QueryProblem {
    String prefix = values.getOrDefault(name, "");
    if (!prefix.isEmpty() && !EventType.prefixes().contains(prefix)) {
      throw bad(
          "no event begins with '%s'%s"
              .formatted(prefix, Nearest.hint(prefix, EventType.prefixes())));
    }
    return prefix;
  }

  boolean flag(String name) throws QueryProblem {
    String text = values.getOrDefault(name, "false");
    if (!text.equals("true") && !text.equals("false")) {
      throw bad("'%s' is true or false, not '%s'".formatted(name, text));
    }
    return text.equals("true");
  }

  Set<BatchState> states(String name) throws QueryProblem {
    EnumSet<BatchState> states = EnumSet.noneOf(BatchState.class);
    if (values.containsKey(name)) {
      for (String state : values.get(name).split(",")) {
        try {
          states.add(BatchState.valueOf(state.strip().toUpperCase(Locale.ROOT)));
        } catch (IllegalArgumentException e) {
          throw bad(
              "'%s' is no state; there are %s"
                  .formatted(state, Arrays.asList(BatchState.values())));
        }
      }
    }
    return states;
  }

  /** {@code key=…}, or {@code key.<column>=…} and {@code null=<column>,…}. */
  Optional<Group> group() throws QueryProblem {
    Map<String, Optional<String>> columns = new LinkedHashMap<>();
    values.forEach(
        (name, value) -> {
          if (name.startsWith(KEY)) {
            columns.put(name.substring(KEY.length()), Optional.of(value));
          }
        });
    for (String column : text("null").map(names -> names.split(",")).orElse(new String[0])) {
      if (columns.put(column, Optional.empty()) != null) {
        throw bad("'" + column + "' can not have a value and be null; give one of the two");
      }
    }
    if (text("key").isPresent() && !columns.isEmpty()) {
      throw bad("give 'key', or 'key.<column>' and 'null', not both");
    }
    boolean none = text("key").isEmpty() && columns.isEmpty();
    if (!none && (text("page").isPresent() || text("limit").isPresent())) {
      throw bad("one group is one row; leave 'page' and 'limit' out");
    }
    return none ? Optional.empty() : Optional.of(new Group(text("key"), columns));
  }

  private static QueryProblem bad(String message) {
    return new QueryProblem(QueryProblem.Kind.BAD_QUESTION, message);
  }
}
