package dev.tidemill.definition;

import com.fasterxml.jackson.core.JsonPointer;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads {@code http:} of a source. What the API answers is looked at when a run starts. */
final class ApiReader {
  private ApiReader() {}

  static Optional<Origin> read(Document document, Section source, Section http, ZoneId batchZone) {
    Optional<ApiRequest> request = ApiRequestReader.read(document, http);
    Optional<ApiList> list = list(http);
    Optional<Optional<Duration>> poll =
        http.text("poll", text -> Optional.of(DurationText.parsePositive(text)), Optional.empty());
    Optional<Publishing> publishing = PublishingReader.read(source, http, "poll", batchZone);
    if (request.isEmpty() || list.isEmpty() || poll.isEmpty() || publishing.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(new Origin.Api(request.get(), list.get(), publishing.get(), poll.get()));
  }

  private static Optional<ApiList> list(Section http) {
    Optional<JsonPointer> records = http.text("records", ApiReader::pointer, JsonPointer.empty());
    Optional<Paging> paging =
        http.has("paging")
            ? http.section("paging", Vocabulary.PAGING).flatMap(PagingReader::read)
            : Optional.of(new Paging.Whole());
    Optional<Optional<Incremental>> incremental =
        http.has("incremental")
            ? http.section("incremental", Vocabulary.INCREMENTAL)
                .flatMap(ApiReader::incremental)
                .map(Optional::of)
            : Optional.of(Optional.empty());
    Optional<List<RecordField>> id = http.has("id") ? id(http) : Optional.of(List.of());
    if (http.has("incremental") && !http.has("id")) {
      http.problemAtKey(
          "incremental",
          "the records that have the largest value come again with the next request, and only an"
              + " 'id' tells them apart from new ones; write it");
      return Optional.empty();
    }
    if (paging.orElse(null) instanceof Paging.Cursor && !http.has("records")) {
      http.problemAtKey(
          "paging",
          "an answer that is an array has no place for a cursor; write 'records', where its array is");
      return Optional.empty();
    }
    if (!http.has("body")) {
      paging.ifPresent(
          pages -> pages.parameters().forEach(told -> requireQuery(http, "paging", told)));
      incremental
          .flatMap(written -> written)
          .ifPresent(since -> requireQuery(http, "incremental", since.parameter()));
    }
    if (records.isEmpty() || paging.isEmpty() || incremental.isEmpty() || id.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(new ApiList(records.get(), paging.get(), incremental.get(), id.get()));
  }

  private static void requireQuery(Section http, String key, Parameter parameter) {
    if (parameter.inBody().isPresent()) {
      http.problemAtKey(
          key,
          "parameter '%s' is a place in the body, and there is none; write 'method: POST' and a 'body', or a name without '/'"
              .formatted(parameter.written()));
    }
  }

  private static Optional<Incremental> incremental(Section incremental) {
    Optional<Parameter> parameter = incremental.text("parameter", Parameter::new);
    Optional<RecordField> field = incremental.text("field", RecordField::new);
    Optional<Optional<String>> start =
        incremental.has("start")
            ? incremental.scalar("start").map(text -> Optional.of(text.value()))
            : Optional.of(Optional.empty());
    Optional<Optional<Overlap>> overlap =
        incremental.has("overlap")
            ? incremental
                .scalar("overlap")
                .flatMap(text -> text.as(Overlap::parse))
                .map(Optional::of)
            : Optional.of(Optional.empty());
    return parameter.isEmpty() || field.isEmpty() || start.isEmpty() || overlap.isEmpty()
        ? Optional.empty()
        : Optional.of(new Incremental(parameter.get(), field.get(), start.get(), overlap.get()));
  }

  /** One field, or a list of them. */
  private static Optional<List<RecordField>> id(Section http) {
    if (!http.isList("id")) {
      return http.text("id", RecordField::new).map(List::of);
    }
    Optional<List<Text>> written = http.texts("id");
    if (written.isEmpty()) {
      return Optional.empty();
    }
    if (written.get().isEmpty()) {
      http.problemAt("id", "there is no field; name one, or remove 'id'");
      return Optional.empty();
    }
    List<RecordField> fields = new ArrayList<>();
    for (Text text : written.get()) {
      text.as(RecordField::new).ifPresent(fields::add);
    }
    return fields.size() == written.get().size() ? Optional.of(fields) : Optional.empty();
  }

  static JsonPointer pointer(String text) {
    try {
      return JsonPointer.compile(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "'%s' is no JSON pointer; write one such as /data/items".formatted(text), e);
    }
  }
}
