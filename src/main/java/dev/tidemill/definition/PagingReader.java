package dev.tidemill.definition;

import com.fasterxml.jackson.core.JsonPointer;
import dev.tidemill.definition.Paging.Limit;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads {@code paging:} of {@code http:}. */
final class PagingReader {
  private static final List<String> KINDS = List.of("link", "cursor", "page", "offset");
  private static final int MAX_LIMIT = 1_000_000;

  private PagingReader() {}

  static Optional<Paging> read(Section paging) {
    Optional<String> by = paging.text("by", PagingReader::kind);
    if (by.isEmpty()) {
      return Optional.empty();
    }
    Set<String> meant =
        switch (by.get()) {
          case "link" -> Set.of("by");
          case "cursor" -> Set.of("by", "from", "parameter");
          case "page" -> Set.of("by", "parameter", "first", "limit", "limit-parameter");
          default -> Set.of("by", "parameter", "limit", "limit-parameter");
        };
    for (String key : paging.written("from", "parameter", "first", "limit", "limit-parameter")) {
      if (!meant.contains(key)) {
        paging.problemAtKey(
            key, "'%s' means nothing to paging by %s; remove it".formatted(key, by.get()));
      }
    }
    return switch (by.get()) {
      case "link" -> Optional.of(new Paging.Link());
      case "cursor" -> cursor(paging);
      case "page" -> page(paging);
      default -> offset(paging);
    };
  }

  private static String kind(String text) {
    if (!KINDS.contains(text)) {
      throw new IllegalArgumentException(
          "unknown paging '%s'%s".formatted(text, Nearest.hint(text, KINDS, "write one of")));
    }
    return text;
  }

  private static Optional<Paging> cursor(Section paging) {
    for (String key : List.of("from", "parameter")) {
      if (!paging.has(key)) {
        paging.problem("key '%s' is missing; paging by cursor needs it".formatted(key));
      }
    }
    Optional<JsonPointer> from = paging.text("from", ApiReader::pointer);
    Optional<Parameter> parameter = paging.text("parameter", Parameter::new);
    return from.isEmpty() || parameter.isEmpty()
        ? Optional.empty()
        : Optional.of(new Paging.Cursor(from.get(), parameter.get()));
  }

  private static Optional<Paging> page(Section paging) {
    Optional<Parameter> parameter = paging.text("parameter", Parameter::new, new Parameter("page"));
    Optional<Integer> first = paging.has("first") ? whole(paging, "first", 0) : Optional.of(1);
    Optional<Optional<Limit>> limit = limit(paging);
    return parameter.isEmpty() || first.isEmpty() || limit.isEmpty()
        ? Optional.empty()
        : Optional.of(new Paging.Page(parameter.get(), first.get(), limit.get()));
  }

  private static Optional<Paging> offset(Section paging) {
    Optional<Parameter> parameter =
        paging.text("parameter", Parameter::new, new Parameter("offset"));
    Optional<Optional<Limit>> limit = limit(paging);
    return parameter.isEmpty() || limit.isEmpty()
        ? Optional.empty()
        : Optional.of(new Paging.Offset(parameter.get(), limit.get()));
  }

  private static Optional<Optional<Limit>> limit(Section paging) {
    if (!paging.has("limit")) {
      if (paging.has("limit-parameter")) {
        paging.problemAtKey("limit-parameter", "there is no 'limit' to be told; write it, too");
        return Optional.empty();
      }
      return Optional.of(Optional.empty());
    }
    Optional<Parameter> parameter =
        paging.text("limit-parameter", Parameter::new, new Parameter("limit"));
    Optional<Integer> records = whole(paging, "limit", 1);
    return parameter.isEmpty() || records.isEmpty()
        ? Optional.empty()
        : Optional.of(Optional.of(new Limit(parameter.get(), records.get())));
  }

  private static Optional<Integer> whole(Section paging, String key, int least) {
    return paging.scalar(key).flatMap(text -> text.as(value -> whole(value, least)));
  }

  private static int whole(String text, int least) {
    if (text.matches("[0-9]{1,7}")) {
      int number = Integer.parseInt(text);
      if (number >= least && number <= MAX_LIMIT) {
        return number;
      }
    }
    throw new IllegalArgumentException(
        "'%s' can not be used here; write a number from %d to %d"
            .formatted(text, least, MAX_LIMIT));
  }
}
