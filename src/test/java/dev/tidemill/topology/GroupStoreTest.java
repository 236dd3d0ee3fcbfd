package dev.tidemill.topology;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.BeforeTry;
import org.apache.kafka.streams.KeyValue;

/** A store with pages reads like one without. */
class GroupStoreTest {
  private static final long BATCH = 3_600_000;

  private SimulatedStore entries;
  private GroupStore store;

  @BeforeTry
  void begin() {
    entries = new SimulatedStore("groups");
    store = new GroupStore(entries);
  }

  private static byte[] key(int group) {
    return ("group " + group).getBytes(UTF_8);
  }

  private static Groups groups(Iterable<Integer> which, byte[] value) {
    Groups groups = new Groups();
    for (int group : which) {
      if (groups.get(key(group)) == null) {
        groups.add(key(group), value);
      }
    }
    return groups;
  }

  private Map<String, Integer> read(Optional<byte[]> after) {
    Map<String, Integer> read = new LinkedHashMap<>();
    try (GroupStore.Range range = store.after(BATCH, after)) {
      while (range.hasNext()) {
        KeyValue<byte[], byte[]> group = range.next();
        read.put(new String(group.key, UTF_8), group.value.length);
      }
    }
    return read;
  }

  @Property
  void what_was_packed_and_then_changed_reads_as_if_stored_one_by_one(
      @ForAll @Size(max = 200) List<@IntRange(max = 300) Integer> packed,
      @ForAll @Size(max = 30) List<@IntRange(max = 300) Integer> changed,
      @ForAll @IntRange(max = 6_000) int size,
      @ForAll @IntRange(max = 300) int some) {
    TreeMap<String, Integer> expected = new TreeMap<>();
    packed.forEach(group -> expected.put(new String(key(group), UTF_8), size));
    changed.forEach(group -> expected.put(new String(key(group), UTF_8), size + 1));

    store.pack(BATCH, groups(packed, new byte[size]).sorted());
    store.pack(BATCH + 1, groups(packed, new byte[size + 2]).sorted());
    store.putAll(BATCH, groups(changed, new byte[size + 1]).sorted());

    assertThat(read(Optional.empty())).containsExactlyEntriesOf(expected);
    String one = new String(key(some), UTF_8);
    assertThat(read(Optional.of(key(some)))).containsExactlyEntriesOf(expected.tailMap(one, false));
    assertThat(store.get(BATCH, key(some)).map(value -> value.length))
        .isEqualTo(Optional.ofNullable(expected.get(one)));
  }

  @Example
  void many_groups_are_few_entries_and_go_with_their_batch() {
    List<Integer> all = IntStream.range(0, 10_000).boxed().toList();
    store.pack(BATCH, groups(all, new byte[20]).sorted());
    store.put(BATCH, key(3), new byte[1]);
    store.pack(BATCH + 1, groups(List.of(1), new byte[20]).sorted());
    assertThat(entries.approximateNumEntries()).isBetween(20L, 40L);

    assertThat(store.deleteSome(BATCH, 5)).isTrue();
    assertThat(store.deleteSome(BATCH, 100)).isFalse();
    assertThat(read(Optional.empty())).isEmpty();
    assertThat(store.get(BATCH + 1, key(1))).isPresent();
  }
}
