package dev.tidemill.extract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.definition.CsvDialect;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RowSplitterTest {

  private static List<RawRow> split(String text, Place from, boolean quotes) throws IOException {
    byte[] bytes = text.getBytes(UTF_8);
    int offset = (int) from.offset();
    List<RawRow> rows = new ArrayList<>();
    try (RowSplitter splitter =
        new RowSplitter(
            new ByteArrayInputStream(bytes, offset, bytes.length - offset),
            from,
            true,
            quotes ? Optional.of(CsvDialect.RFC_4180) : Optional.empty())) {
      Optional<RawRow> row;
      while ((row = splitter.next()).isPresent()) {
        rows.add(row.get());
      }
    }
    return rows;
  }

  private static List<String> texts(String text) throws IOException {
    return split(text, Place.START, true).stream().map(r -> new String(r.bytes(), UTF_8)).toList();
  }

  @Test
  void a_row_ends_with_its_line() throws IOException {
    assertThat(texts("a,b\r\nc,d\n")).containsExactly("a,b", "c,d");
  }

  @Test
  void the_last_line_needs_no_end() throws IOException {
    assertThat(texts("a\nb")).containsExactly("a", "b");
  }

  @Test
  void blank_lines_are_no_rows_but_count_as_lines() throws IOException {
    assertThat(split("a\n\n\r\nb\n", Place.START, true))
        .extracting(row -> row.place().line())
        .containsExactly(1L, 4L);
  }

  @Test
  void a_line_end_within_quotes_belongs_to_the_row() throws IOException {
    assertThat(texts("a,\"x\ny \"\"z\"\"\",b\nc\n")).containsExactly("a,\"x\ny \"\"z\"\"\",b", "c");
  }

  @Test
  void the_row_behind_quoted_line_ends_has_its_own_line_number() throws IOException {
    assertThat(split("\"x\ny\"\nc\n", Place.START, true).get(1).place()).isEqualTo(new Place(6, 3));
  }

  @Test
  void a_quote_in_the_middle_of_a_field_is_a_letter() throws IOException {
    assertThat(texts("5\" pipe,a\nb\n")).containsExactly("5\" pipe,a", "b");
  }

  @Test
  void json_knows_no_quoted_line_ends() throws IOException {
    assertThat(split("\"a\nb\"\n", Place.START, false)).hasSize(2);
  }

  @Test
  void a_quote_that_is_never_closed_costs_one_line() throws IOException {
    List<RawRow> rows = split("a,\"x\nb\nc\n", Place.START, true);
    assertThat(rows).hasSize(3);
    assertThat(rows.get(0).problem()).hasValueSatisfying(p -> assertThat(p).contains("quote"));
    assertThat(rows.get(1).problem()).isEmpty();
  }

  @Test
  void a_row_that_no_record_can_hold_is_cut_and_says_so() throws IOException {
    String endless = "x".repeat(RowSplitter.MAX_ROW_BYTES + 200_000);
    List<RawRow> rows = split("a\n" + endless + "\nb\n", Place.START, true);
    assertThat(rows).hasSize(3);
    assertThat(rows.get(1).bytes()).hasSize(RowSplitter.MAX_ROW_BYTES);
    assertThat(rows.get(1).problem()).hasValueSatisfying(p -> assertThat(p).contains("limit"));
    assertThat(rows.get(2).place()).isEqualTo(new Place(2 + endless.length() + 1, 3));
  }

  @Test
  void reading_can_go_on_behind_every_row() throws IOException {
    String text = "a,ü\n\"x\ny\"\r\n\n" + "z".repeat(100_000) + "\nlast";
    List<RawRow> all = split(text, Place.START, true);
    for (int i = 0; i < all.size(); i++) {
      assertThat(described(split(text, all.get(i).next(), true)))
          .isEqualTo(described(all.subList(i + 1, all.size())));
    }
  }

  private static List<String> described(List<RawRow> rows) {
    return rows.stream().map(r -> r.place() + ": " + new String(r.bytes(), UTF_8)).toList();
  }
}
