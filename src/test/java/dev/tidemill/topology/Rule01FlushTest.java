package dev.tidemill.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.junit.jupiter.api.Test;

/** Rule 1, piece by piece: what the flush before a commit sends, in which order, and when not. */
class Rule01FlushTest {
  private static final int MORE_THAN_THE_HEAP_HOLDS = 200_001;
  private static final SimulatedPipeline.Parts PARTS =
      new SimulatedPipeline.Parts(Spec.sums(1).soonIdle());

  private final SimulatedPipeline pipeline = new SimulatedPipeline(PARTS, Share.CHUNK);
  private final SimulatedTask<?> intake = pipeline.intake(0);

  private List<String> kinds() {
    return intake.sent().stream()
        .map(sent -> sent.message().getClass().getSimpleName())
        .distinct()
        .toList();
  }

  private static long records(List<? extends Outgoing> messages) {
    long[] records = {0};
    for (Outgoing message : messages) {
      if (message instanceof ShuffleMessage.Partials partials) {
        partials.forEach((batchStart, more, checksum, key, value) -> records[0] += more);
      }
    }
    return records[0];
  }

  @Test
  void nothing_is_sent_before_the_commit_and_then_partials_counts_and_marks_in_this_order() {
    pipeline.append(0, Event.of("2024-03-10T05:10:00", "a"), Event.of("2024-03-10T06:10:00", "b"));
    while (intake.processOne()) {
      assertThat(intake.sent()).isEmpty();
    }
    intake.flush();

    assertThat(kinds()).containsExactly("Partials", "Counts", "Read", "Marks");
  }

  @Test
  void an_early_flush_for_the_size_of_the_heap_sends_partials_only() {
    for (int i = 0; i < MORE_THAN_THE_HEAP_HOLDS; i++) {
      pipeline.append(0, Event.of("2024-03-10T05:10:00", "k" + i));
    }
    while (intake.processOne()) {}

    assertThat(kinds()).containsExactly("Partials");
    assertThat(records(intake.sent().stream().map(SimulatedTask.Sent::message).toList()))
        .isEqualTo(MORE_THAN_THE_HEAP_HOLDS);
  }

  @Test
  void a_task_that_is_recycled_forgets_what_was_in_its_heap() {
    pipeline.append(0, Event.of("2024-03-10T05:10:00", "a"));
    intake.processOne();
    intake.hook().clearCache();
    intake.flush();

    assertThat(intake.sent()).isEmpty();
  }

  @Test
  void what_a_dead_task_had_in_its_heap_comes_once_from_its_successor() {
    pipeline.append(0, Event.of("2024-03-10T05:10:00", "a", 7));
    intake.processOne();
    intake.flush();
    intake.restart();
    pipeline.settle();

    assertThat(records(pipeline.shuffle(0))).isEqualTo(1);
  }

  /** Otherwise Streams would believe that the processor is still at work, whatever comes next. */
  @Test
  void the_flush_leaves_the_current_node_as_it_was_even_after_an_error() {
    SimulatedTask<byte[]> task =
        new SimulatedTask<>(0, Failing::new, offset -> Optional.empty(), Intake.HOOK);

    assertThatThrownBy(task::flush).isInstanceOf(IllegalStateException.class);
    assertThat(task.node()).isEmpty();
  }

  private static final class Failing
      implements Processor<byte[], byte[], byte[], Outgoing>, CommitHook.Committing {
    @Override
    public void init(ProcessorContext<byte[], Outgoing> context) {
      CommitHook hook = context.getStateStore(Intake.HOOK);
      hook.attach(context, this);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {}

    @Override
    public void beforeCommit() {
      throw new IllegalStateException("the flush fails");
    }

    @Override
    public void discard() {}
  }
}
