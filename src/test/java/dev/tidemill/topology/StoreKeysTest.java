package dev.tidemill.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.apache.kafka.common.utils.Bytes;

/** Stores sort by unsigned bytes; what belongs to a batch must be one range there. */
class StoreKeysTest {

  @Property
  void groups_sort_as_their_batches_do(
      @ForAll long one, @ForAll long other, @ForAll @Size(max = 9) byte[] a, @ForAll byte[] b) {
    if (one != other) {
      assertThat(Integer.signum(StoreKeys.group(one, a).compareTo(StoreKeys.group(other, b))))
          .isEqualTo(Long.compare(one, other));
    }
  }

  @Property
  void every_group_is_within_its_batchs_range_and_no_other(
      @ForAll @LongRange(min = Long.MIN_VALUE + 1, max = Long.MAX_VALUE - 2) long batch,
      @ForAll @Size(max = 20) byte[] group) {
    Bytes first = StoreKeys.firstOf(batch);
    Bytes behind = StoreKeys.behind(batch);
    assertThat(StoreKeys.group(batch, group)).isBetween(first, behind);
    assertThat(StoreKeys.group(batch - 1, group)).isLessThan(first);
    assertThat(StoreKeys.group(batch + 1, group)).isGreaterThanOrEqualTo(behind);
  }

  @Property
  void a_cursor_goes_on_behind_its_group_and_before_the_next(
      @ForAll @Size(max = 9) byte[] group, @ForAll @Size(max = 9) byte[] other) {
    Bytes key = StoreKeys.group(7, group);
    Bytes next = StoreKeys.group(7, other);
    Bytes after = StoreKeys.after(key);
    assertThat(after).isGreaterThan(key);
    if (next.compareTo(key) > 0) {
      assertThat(after).isLessThanOrEqualTo(next);
    }
  }

  @Property
  void a_group_comes_back_from_its_key(@ForAll long batch, @ForAll byte[] group) {
    assertThat(StoreKeys.groupOf(StoreKeys.group(batch, group))).isEqualTo(group);
  }

  @Property
  void intakes_keys_come_back(@ForAll int source, @ForAll long batch) {
    assertThat(StoreKeys.intakeKey(StoreKeys.intakePart(source, batch)))
        .isEqualTo(new StoreKeys.IntakeKey(source, Optional.of(batch), Optional.empty()));
    assertThat(StoreKeys.intakeKey(StoreKeys.intakePartition(source)))
        .isEqualTo(new StoreKeys.IntakeKey(source, Optional.empty(), Optional.empty()));
  }

  /** Restored in the order of the store, a held group finds its part. */
  @Property
  void held_groups_come_back_behind_all_parts(
      @ForAll int source, @ForAll long batch, @ForAll byte[] group, @ForAll long other) {
    Bytes held = StoreKeys.intakeHeld(source, batch, group);
    StoreKeys.IntakeKey key = StoreKeys.intakeKey(held);
    assertThat(key.source()).isEqualTo(source);
    assertThat(key.batchStart()).contains(batch);
    assertThat(key.held().orElseThrow()).isEqualTo(group);
    assertThat(held).isGreaterThan(StoreKeys.intakePart(source, other));
  }

  @Property
  void batches_and_marks_share_a_store(@ForAll int source, @ForAll long batch) {
    assertThat(StoreKeys.isBatch(StoreKeys.batch(batch))).isTrue();
    assertThat(StoreKeys.valueOf(StoreKeys.batch(batch))).isEqualTo(batch);
    assertThat(StoreKeys.isBatch(StoreKeys.marks(source))).isFalse();
    assertThat(StoreKeys.valueOf(StoreKeys.marks(source))).isEqualTo(source);
  }

  @Property
  void the_ledger_sorts_by_batch_and_then_by_attempt(
      @ForAll long one,
      @ForAll long other,
      @ForAll @IntRange(min = 1) int first,
      @ForAll @IntRange(min = 1) int second) {
    int expected = one == other ? Integer.compare(first, second) : Long.compare(one, other);
    assertThat(
            Integer.signum(StoreKeys.ledger(one, first).compareTo(StoreKeys.ledger(other, second))))
        .isEqualTo(expected);
  }
}
