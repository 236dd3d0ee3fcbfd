package dev.tidemill.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** ORDER BY … LIMIT keeps the rows of a stable sort, and no others in the heap. */
class TopRowsTest {
  private static final Comparator<Object[]> BY_FIRST =
      Comparator.comparing(row -> (Integer) row[0]);

  @Property
  void they_are_those_of_a_stable_sort(
      @ForAll @Size(max = 50) List<@IntRange(max = 9) Integer> values,
      @ForAll @IntRange(max = 60) int offset,
      @ForAll @IntRange(max = 60) int fetch)
      throws EvaluationException {
    List<Object[]> rows = new ArrayList<>();
    values.forEach(value -> rows.add(new Object[] {value, rows.size()}));
    List<Object[]> sorted = rows.stream().sorted(BY_FIRST).skip(offset).limit(fetch).toList();
    Rows top = OrderedRows.of(new ListedRows(rows), BY_FIRST, offset, OptionalLong.of(fetch));
    assertThat(ListedRows.all(top)).containsExactlyElementsOf(sorted);
  }

  @Example
  void no_more_rows_are_kept_than_are_wanted() {
    TopRows top = new TopRows(BY_FIRST, 3);
    for (int i = 0; i < 1000; i++) {
      top.add(new Object[] {(i * 37) % 1000});
      assertThat(top.size()).isLessThanOrEqualTo(3);
    }
    assertThat(top.sorted()).extracting(row -> row[0]).containsExactly(0, 1, 2);
  }

  @Example
  void a_limit_that_no_heap_could_hold_sorts_all() throws EvaluationException {
    List<Object[]> rows = List.of(new Object[] {2}, new Object[] {1});
    Rows top = OrderedRows.of(new ListedRows(rows), BY_FIRST, 1, OptionalLong.of(Long.MAX_VALUE));
    assertThat(ListedRows.all(top)).containsExactly(rows.get(0));
  }
}
