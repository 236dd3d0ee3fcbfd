package dev.tidemill.load;

import static java.util.Objects.requireNonNull;

import dev.tidemill.batch.BatchState;
import dev.tidemill.batch.LedgerEntry;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Batches that wait for results, and which of them do so in vain: their results were deleted before
 * this target had them.
 *
 * <p>The end marks of all shares are committed before the owner says READY. So what a batch lacks
 * when the results are staged up to an end that was asked for after that word had come, is not in
 * the log any more. This is a matter of log and target alone, so the next go finds the same. Not
 * thread-safe.
 */
final class WaitingBatches {

  /** A batch that can not be published yet, and why. */
  record Waiting(LedgerEntry entry, Publication.Incomplete lacks) {}

  private final Supplier<ResultsTopic.Bounds> log;
  private final Map<Instant, Waiting> waiting = new TreeMap<>();
  private Map<Instant, Waiting> asked = Map.of();
  private Optional<ResultsTopic.Bounds> bounds = Optional.empty();

  /**
   * @param log asks the broker where the results begin and end now
   */
  WaitingBatches(Supplier<ResultsTopic.Bounds> log) {
    this.log = requireNonNull(log, "log");
  }

  void add(LedgerEntry entry, Publication.Incomplete lacks) {
    waiting.put(entry.batch().start(), new Waiting(entry, lacks));
  }

  void remove(Instant batch) {
    waiting.remove(batch);
  }

  /**
   * Those that are found to wait in vain, each once, in the order of time.
   *
   * @param read the next offset by partition: everything before it is staged, and the batches that
   *     this concerns have been tried. Not asked if nothing waits
   */
  List<Waiting> inVain(Supplier<Map<Integer, Long>> read) {
    if (bounds.isEmpty() && waiting.isEmpty()) {
      return List.of();
    }
    if (bounds.isEmpty()) {
      asked = new TreeMap<>(waiting);
      bounds = Optional.of(log.get());
    }
    ResultsTopic.Bounds known = bounds.get();
    Map<Integer, Long> next = read.get();
    if (!known.end().entrySet().stream()
        .allMatch(end -> next.get(end.getKey()) >= end.getValue())) {
      return List.of();
    }
    bounds = Optional.empty();
    return asked.values().stream()
        .filter(each -> waiting.remove(each.entry().batch().start(), each))
        .filter(each -> isInVain(each, known))
        .toList();
  }

  /**
   * A READY attempt whose shares are written again is soon replaced by the next one, and may wait
   * for that. Of a LOADED one nothing is said to the owner, so it need not matter why it is not
   * there.
   */
  private static boolean isInVain(Waiting each, ResultsTopic.Bounds bounds) {
    return each.entry().state() == BatchState.LOADED
        || (each.lacks().share().isPresent()
            && bounds.first().get(each.lacks().share().getAsInt()) > 0);
  }
}
