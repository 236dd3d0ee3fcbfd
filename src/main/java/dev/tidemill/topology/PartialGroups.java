package dev.tidemill.topology;

import dev.tidemill.batch.Checksum;
import dev.tidemill.batch.Verdict;
import dev.tidemill.schema.RowEncoder;
import dev.tidemill.sql.Aggregation;
import dev.tidemill.sql.Place;

/**
 * What the rows of records become on their way to the shares: partial aggregates in the heap, or
 * rows as they are; and the same of late records that are held until they are merged. Of all source
 * partitions of a task. Not thread-safe.
 */
final class PartialGroups {
  /** Groups in the heap beyond which partials go out before the commit. */
  private static final int MAX_GROUPS = 200_000;

  private final HeldKeys keys;
  private final int shares;
  private final RowEncoder rowEncoder;
  private int groupsInHeap;

  /** Late ones that wait to be merged. */
  private int groupsHeld;

  PartialGroups(HeldKeys keys, int shares, RowEncoder rowEncoder) {
    this.keys = keys;
    this.shares = shares;
    this.rowEncoder = rowEncoder;
  }

  /** Whether partials should not wait for the commit. */
  boolean areMany() {
    return groupsInHeap > MAX_GROUPS;
  }

  /** Whether late ones should not wait for their time. */
  boolean areManyHeld() {
    return groupsHeld > MAX_GROUPS;
  }

  /** Counts what a part held before a restart. */
  void restored(IntakePartition.Part part) {
    groupsHeld += part.held().size();
  }

  /** All parts are gone. */
  void discard() {
    groupsInHeap = 0;
    groupsHeld = 0;
  }

  /** Adds the rows to the heap, or sends them on if there is nothing to aggregate. */
  Verdict merge(
      IntakePartition partition,
      IntakePartition.Part part,
      EvaluatedRows rows,
      long time,
      long offset) {
    for (int i = 0; i < rows.size(); i++) {
      SourceReader.Branch branch = rows.branch(i);
      int records = i == 0 ? 1 : 0;
      int place = place(rows, i);
      long checksum = Checksum.of(partition.source(), offset, place);
      if (keys.input(branch.input()).aggregation().isPresent()) {
        Place from = from(branch.input(), time, partition.source(), offset, place);
        addToGroup(part, branch.input(), rows.row(i), from, records, checksum);
      } else {
        writeRow(partition, part, branch.input(), offset, place, rows.row(i), records, checksum);
      }
      part.add(checksum);
    }
    return rows.size() == 0 ? Verdict.FILTERED : Verdict.ACCEPTED;
  }

  /** Of a row among those of its record: by its branch, and if that made several by their order. */
  private int place(EvaluatedRows rows, int i) {
    return rows.branch(i).index() + rows.turn(i) * keys.query().branches().size();
  }

  private void writeRow(
      IntakePartition partition,
      IntakePartition.Part part,
      int input,
      long offset,
      int place,
      Object[] row,
      int records,
      long checksum) {
    byte[] key = keys.key(input, StoreKeys.row(partition.source(), offset, place));
    byte[] value = encoded(input, row);
    int share = keys.share(part.start(), input, row, key, shares);
    partition.write(part, share, records, checksum, key, value);
  }

  /** Only made where an aggregate depends on it. */
  private Place from(int input, long time, int source, long offset, int place) {
    return keys.input(input).aggregation().orElseThrow().needsPlace()
        ? new Place(time, source, offset, place)
        : Place.NONE;
  }

  private byte[] encoded(int input, Object[] row) {
    return keys.several() ? keys.input(input).encode(row) : rowEncoder.encode(row);
  }

  private void addToGroup(
      IntakePartition.Part part, int input, Object[] row, Place from, int records, long checksum) {
    Aggregation into = keys.input(input).aggregation().orElseThrow();
    byte[] key = keys.key(input, into.key(row));
    Groups.Group group = part.groups().get(key);
    if (group == null) {
      int share = keys.share(part.start(), input, row, key, shares);
      group = part.groups().add(key, share, into.create());
      groupsInHeap++;
    }
    count(group, row, from, records, checksum);
  }

  private static void count(
      Groups.Group group, Object[] row, Place from, int records, long checksum) {
    group.add(row, from);
    group.count(records, checksum);
  }

  /**
   * Keeps the rows of a late record for {@link #release}. Sent on at once, each record would make
   * an attempt of its own; and while such records trickle in, counts and shares would never meet.
   *
   * @param now ms since the epoch
   * @return whether it has any
   */
  boolean hold(
      IntakePartition partition,
      IntakePartition.Part part,
      EvaluatedRows rows,
      long time,
      long offset,
      long now) {
    int before = part.held().size();
    for (int i = 0; i < rows.size(); i++) {
      int input = rows.branch(i).input();
      int place = place(rows, i);
      Object[] row = rows.row(i);
      Groups.Group group;
      long checksum = Checksum.of(partition.source(), offset, place);
      int records = i == 0 ? 1 : 0;
      if (keys.input(input).aggregation().isPresent()) {
        group = heldGroup(part, input, row);
        count(group, row, from(input, time, partition.source(), offset, place), records, checksum);
      } else {
        byte[] key = keys.key(input, StoreKeys.row(partition.source(), offset, place));
        int share = keys.share(part.start(), input, row, key, shares);
        group = part.held().add(key, share, encoded(input, row));
        group.count(records, checksum);
      }
      part.held().change(group);
    }
    if (rows.size() > 0) {
      part.hold(offset);
      partition.hold(now);
    }
    groupsHeld += part.held().size() - before;
    return rows.size() > 0;
  }

  private Groups.Group heldGroup(IntakePartition.Part part, int input, Object[] row) {
    Aggregation into = keys.input(input).aggregation().orElseThrow();
    byte[] key = keys.key(input, into.key(row));
    Groups.Group group = part.held().get(key);
    if (group == null) {
      int share = keys.share(part.start(), input, row, key, shares);
      return part.held().add(key, share, into.create());
    }
    group.open(into);
    return group;
  }

  /** Gives what is held to the shares and into the books. */
  void release(IntakePartition partition, IntakePartition.Part part, IntakeStore store) {
    Groups groups = part.takeHeld();
    groupsHeld -= groups.size();
    for (Groups.Group group : groups) {
      partition.write(
          part, group.share(), group.records(), group.checksum(), group.key(), group.encoded());
      part.amend(group.records(), group.checksum());
      partition.release(group.records());
      store.deleteHeld(partition.source(), part.start(), group);
    }
  }

  /** To a batch that is over nothing comes any more: its groups need not stay for the commit. */
  void packWhatIsOver(IntakePartition partition) {
    for (IntakePartition.Part part : partition.parts()) {
      if (part.groups().size() > 0 && part.isOver(partition.clock())) {
        pack(partition, part);
      }
    }
  }

  /** Writes the groups of a part to the shuffle, so that the heap has none. */
  void pack(IntakePartition partition, IntakePartition.Part part) {
    Groups groups = part.takeGroups();
    groupsInHeap -= groups.size();
    groups.forEach(
        group ->
            partition.write(
                part,
                group.share(),
                group.records(),
                group.checksum(),
                group.key(),
                group.encoded()));
  }
}
