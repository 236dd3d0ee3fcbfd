package dev.tidemill.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class BooksTest {

  @Test
  void balance_when_every_record_has_one_verdict() {
    assertThat(new Books(15, 1, 2, 3, 4, 5, 0).balance()).isTrue();
  }

  @Test
  void do_not_balance_when_a_record_has_no_verdict() {
    assertThat(new Books(16, 1, 2, 3, 4, 5, 0).balance()).isFalse();
  }

  @Test
  void merged_are_the_accepted_and_the_amended() {
    assertThat(new Books(15, 1, 2, 3, 4, 5, 2).merged()).isEqualTo(3);
  }

  @Test
  void merged_are_also_those_that_were_carried_in_and_not_those_that_were_carried_away() {
    assertThat(new Books(15, 1, 2, 3, 4, 5, 0, 3, 7).merged()).isEqualTo(8);
    assertThat(new Books(15, 1, 2, 3, 4, 5, 0, 3, 7).balance()).isTrue();
  }

  @Test
  void can_not_amend_and_carry_the_same_record() {
    assertThatThrownBy(() -> new Books(2, 0, 0, 0, 0, 2, 1, 2, 0)).hasMessageContaining("carried");
  }

  @Test
  void can_not_be_negative() {
    assertThatThrownBy(() -> new Books(0, 0, -1, 0, 0, 0, 0)).hasMessageContaining("negative");
  }

  @Test
  void can_not_amend_more_than_was_late() {
    assertThatThrownBy(() -> new Books(1, 0, 0, 0, 0, 1, 2)).hasMessageContaining("amended");
  }

  @Property(tries = 200)
  void sums_of_balanced_books_balance(@ForAll("balanced") Books a, @ForAll("balanced") Books b) {
    assertThat(a.plus(b).balance()).isTrue();
  }

  @Property(tries = 200)
  void the_order_of_a_sum_does_not_matter(
      @ForAll("balanced") Books a, @ForAll("balanced") Books b) {
    assertThat(a.plus(b)).isEqualTo(b.plus(a));
  }

  @Property(tries = 200)
  void empty_books_change_nothing(@ForAll("balanced") Books books) {
    assertThat(books.plus(Books.EMPTY)).isEqualTo(books);
  }

  @Provide
  Arbitrary<Books> balanced() {
    return Arbitraries.longs()
        .between(0, 1_000_000)
        .list()
        .ofSize(5)
        .map(
            n ->
                new Books(
                    n.stream().mapToLong(Long::longValue).sum(),
                    n.get(0),
                    n.get(1),
                    n.get(2),
                    n.get(3),
                    n.get(4),
                    n.get(4) / 2));
  }
}
