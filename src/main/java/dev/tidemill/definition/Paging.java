package dev.tidemill.definition;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonPointer;
import java.util.List;
import java.util.Optional;

/** How the pages of an API's list follow each other. */
public sealed interface Paging {

  /** In a word, for people. */
  String summary();

  /** What a request is told by. */
  List<Parameter> parameters();

  /** One answer holds all. */
  record Whole() implements Paging {
    @Override
    public String summary() {
      return "one page";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of();
    }
  }

  /** Each answer has the next page's URL in a header {@code Link} with {@code rel=next}. */
  record Link() implements Paging {
    @Override
    public String summary() {
      return "pages by link";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of();
    }
  }

  /**
   * Each answer holds what the next page is asked with.
   *
   * @param from where in the answer; nothing, null or an empty text there is the end
   */
  record Cursor(JsonPointer from, Parameter parameter) implements Paging {
    public Cursor {
      requireNonNull(from, "from");
      requireNonNull(parameter, "parameter");
    }

    @Override
    public String summary() {
      return "pages by cursor";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(parameter);
    }
  }

  /** Pages are counted; one without records is the end. */
  record Page(Parameter parameter, int first, Optional<Limit> limit) implements Paging {
    public Page {
      requireNonNull(parameter, "parameter");
      requireNonNull(limit, "limit");
    }

    @Override
    public String summary() {
      return "pages by number";
    }

    @Override
    public List<Parameter> parameters() {
      return Limit.with(parameter, limit);
    }
  }

  /** Records are counted; a page without any is the end. */
  record Offset(Parameter parameter, Optional<Limit> limit) implements Paging {
    public Offset {
      requireNonNull(parameter, "parameter");
      requireNonNull(limit, "limit");
    }

    @Override
    public String summary() {
      return "pages by offset";
    }

    @Override
    public List<Parameter> parameters() {
      return Limit.with(parameter, limit);
    }
  }

  /**
   * How many records of a page are asked for. An API may give less.
   *
   * @param records more than 0
   */
  record Limit(Parameter parameter, int records) {
    public Limit {
      requireNonNull(parameter, "parameter");
    }

    private static List<Parameter> with(Parameter parameter, Optional<Limit> limit) {
      return limit
          .map(asked -> List.of(parameter, asked.parameter()))
          .orElseGet(() -> List.of(parameter));
    }
  }
}
