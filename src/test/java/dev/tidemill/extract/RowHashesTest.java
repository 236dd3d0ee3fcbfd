package dev.tidemill.extract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is known of the rows of a table by their hashes. */
final class RowHashesTest {
  private static final long ROOM = 64 << 20;

  private static byte[] bytes(Object text) {
    return text == null ? null : String.valueOf(text).getBytes(UTF_8);
  }

  @Test
  void they_know_as_much_as_the_rows_themselves() {
    RowHashes hashes = new RowHashes(ROOM);
    Map<Integer, Integer> values = new HashMap<>();
    Set<Integer> met = new HashSet<>();
    Random random = new Random(7);
    for (int i = 0; i < 200_000; i++) {
      Integer key = random.nextInt(5_000);
      key = key == 0 ? null : key;
      Integer value = random.nextInt(3);
      switch (random.nextInt(5)) {
        case 0 -> {
          hashes.put(bytes(key), bytes(value));
          values.put(key, value);
          met.remove(key);
        }
        case 1 -> {
          hashes.put(bytes(key), null);
          values.remove(key);
          met.remove(key);
        }
        case 2 -> {
          boolean isThere = values.containsKey(key) && !met.contains(key);
          assertThat(hashes.removeUnmet(bytes(key))).isEqualTo(isThere);
          if (isThere) {
            values.remove(key);
          }
        }
        default -> {
          assertThat(hashes.meet(bytes(key), bytes(value)))
              .isEqualTo(!value.equals(values.put(key, value)));
          met.add(key);
        }
      }
      assertThat(hashes.size()).isEqualTo(values.size());
      assertThat(hashes.unmet()).isEqualTo(values.size() - met.size());
    }
  }

  @Test
  void a_key_takes_less_than_38_bytes_however_many_there_are() {
    RowHashes hashes = new RowHashes(ROOM);
    for (int i = 0; i < 1_000_000; i++) {
      hashes.put(bytes("a key of some length " + i), bytes(i));
      if (i > 100_000 && i % 10_000 == 0) {
        assertThat(hashes.bytes()).isBetween(i * 29L, i * 38L);
      }
    }
  }

  @Test
  void more_keys_than_there_is_room_for_are_refused_and_the_others_are_still_known() {
    RowHashes hashes = new RowHashes(1 << 20);
    assertThatThrownBy(
            () -> {
              for (int i = 0; ; i++) {
                hashes.put(bytes(i), bytes("v"));
              }
            })
        .isInstanceOf(RowHashes.FullException.class)
        .hasMessageContaining(String.valueOf(hashes.size()));
    assertThat(hashes.bytes()).isLessThanOrEqualTo(1 << 20);
    assertThat(hashes.size()).isGreaterThan((1 << 20) / 38);
    for (int i = 0; i < hashes.size(); i++) {
      assertThat(hashes.meet(bytes(i), bytes("v"))).isFalse();
    }
  }
}
