package dev.tidemill.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.batch.Batch;
import dev.tidemill.batch.Books;
import dev.tidemill.batch.CloseReason;
import dev.tidemill.batch.EndOfShare;
import dev.tidemill.batch.Expected;
import dev.tidemill.batch.GatePart;
import dev.tidemill.batch.JoinCount;
import dev.tidemill.batch.PartitionRead;
import dev.tidemill.batch.SourceSpan;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.apache.kafka.common.serialization.Serde;

class MessageSerdesTest {
  private static final Serde<ShuffleMessage> SHUFFLE = MessageSerdes.shuffle();
  private static final Serde<OwnerMessage> OWNER = MessageSerdes.owner();

  private static <T> void comesBack(Serde<T> serde, T message) {
    byte[] bytes = serde.serializer().serialize("", message);
    assertThat(serde.deserializer().deserialize("", bytes))
        .usingRecursiveComparison()
        .isEqualTo(message);
  }

  @Property
  void partials_come_back(@ForAll int share, @ForAll int source, @ForAll byte[] entries) {
    comesBack(SHUFFLE, new ShuffleMessage.Partials(share, source, entries));
  }

  @Property
  void packed_entries_come_back_in_few_messages(
      @ForAll @Size(max = 40) List<Long> records, @ForAll @IntRange(max = 9_000) int size) {
    List<ShuffleMessage> messages = new ArrayList<>();
    PartialsWriter writer = new PartialsWriter(2, 3, messages::add);
    byte[] value = new byte[size];
    records.forEach(record -> writer.write(record + 1, record, record + 2, new byte[] {5}, value));
    writer.flush();

    List<Long> back = new ArrayList<>();
    for (ShuffleMessage message : messages) {
      ShuffleMessage.Partials partials = (ShuffleMessage.Partials) message;
      assertThat(partials.share()).isEqualTo(2);
      assertThat(partials.source()).isEqualTo(3);
      partials.forEach(
          (batch, record, checksum, key, bytes) -> {
            assertThat(batch).isEqualTo(record + 1);
            assertThat(checksum).isEqualTo(record + 2);
            assertThat(key).containsExactly(5);
            assertThat(bytes).isEqualTo(value);
            back.add(record);
          });
    }
    assertThat(back).isEqualTo(records);
    assertThat(messages).hasSizeLessThanOrEqualTo(1 + records.size() * (size + 33) / (64 << 10));
  }

  @Property
  void marks_come_back(
      @ForAll int source,
      @ForAll long clock,
      @ForAll long idle,
      @ForAll long complete,
      @ForAll boolean ended,
      @ForAll long[] entered) {
    comesBack(SHUFFLE, new ShuffleMessage.Marks(source, clock, idle, complete, ended, entered));
  }

  @Property
  void counts_come_back(
      @ForAll @StringLength(max = 249) String topic,
      @ForAll @IntRange int partition,
      @ForAll long offset,
      @ForAll @LongRange(min = 0, max = 1L << 60) long many) {
    var books = new Books(many, 1, 2, 3, 4, many, many / 2, many / 3, many);
    var span = new SourceSpan(topic, partition, offset, offset + 1, Long.MIN_VALUE, books, offset);
    comesBack(OWNER, new OwnerMessage.Counts(offset, span));
    var warned =
        new SourceSpan(
            topic, partition, 0, 1, 2, books, offset, Map.of("a", many, "b", 1L), Map.of());
    comesBack(OWNER, new OwnerMessage.Counts(offset, warned));
    var joined = new SourceSpan(topic, partition, 0, 1, 2, books, offset, Map.of(), joins(many));
    comesBack(OWNER, new OwnerMessage.Counts(offset, joined));
    comesBack(
        OWNER,
        new OwnerMessage.Read(
            new PartitionRead(topic, partition, many, many, offset, -many, new Expected(many, 1))));
  }

  @Property
  void end_marks_come_back(
      @ForAll @LongRange(min = -1L << 50, max = 1L << 50) long start,
      @ForAll int share,
      @ForAll CloseReason reason,
      @ForAll @LongRange(min = 0) long many,
      @ForAll String failure) {
    var batch = new Batch(Instant.ofEpochMilli(start), Instant.ofEpochMilli(start + 1));
    comesBack(
        OWNER,
        new OwnerMessage.ShareEnded(new EndOfShare(batch, share, 2, reason, 3, start, 4, failure)));
    comesBack(
        OWNER,
        new OwnerMessage.ShareEndedEarly(
            new EndOfShare(batch, share, 2, reason, 3, start, 4, failure)));
    var gates = new GatePart(failure.getBytes(StandardCharsets.UTF_8));
    comesBack(
        OWNER,
        new OwnerMessage.ShareEnded(
            new EndOfShare(
                batch,
                share,
                2,
                reason,
                3,
                start,
                4,
                failure,
                gates,
                joins(many),
                Map.of("a", many))));
  }

  private static Map<String, JoinCount> joins(long many) {
    return Map.of("a", new JoinCount(many, 1, 0), "b", new JoinCount(0, many, many));
  }

  @Example
  void a_message_of_another_release_is_named_and_not_guessed() {
    byte[] bytes =
        SHUFFLE.serializer().serialize("", new ShuffleMessage.Partials(0, 0, new byte[0]));
    bytes[0] = 1;
    assertThatThrownBy(() -> SHUFFLE.deserializer().deserialize("", bytes))
        .hasMessage("a message of version 1, but this release reads version 8");
  }
}
