package dev.tidemill.cli;

import dev.tidemill.batch.LedgerEntry;
import dev.tidemill.definition.Unavailable;
import dev.tidemill.extract.ExtractorProgress;
import dev.tidemill.load.LoaderProgress;
import dev.tidemill.server.RunProgress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * Ends a run that comes no further, since a source or a target is asked again and again in vain. A
 * run that is only slow goes on. Not thread-safe.
 */
final class Patience {
  static final Duration USUAL = Duration.ofMinutes(10);

  private final Duration atMost;
  private final LongSupplier nanos;
  private Optional<Stage> reached = Optional.empty();
  private long since;

  /** The last one since then. */
  private Optional<String> trouble = Optional.empty();

  /** What only ever changes by getting further. */
  private record Stage(
      List<Long> extracted,
      long accountedFor,
      long withoutBatch,
      List<LedgerEntry> entries,
      List<Long> loaded) {

    static Stage of(RunProgress progress) {
      return new Stage(
          extractors(progress).map(ExtractorProgress::rows).toList(),
          progress.accountedFor(),
          progress.withoutBatch(),
          progress.entries(),
          progress.loaders().stream()
              .map(loader -> loader.publishedBatches() + loader.stagedRows())
              .toList());
    }
  }

  /**
   * @param atMost how long it may come no further
   * @param nanos as {@link System#nanoTime()}
   */
  Patience(Duration atMost, LongSupplier nanos) {
    this.atMost = atMost;
    this.nanos = nanos;
  }

  /**
   * To be told of the run a few times a second.
   *
   * @throws Unavailable if that was too long; says what has failed last
   */
  void look(RunProgress progress) {
    Optional<Stage> stage = Optional.of(Stage.of(progress));
    long now = nanos.getAsLong();
    if (!stage.equals(reached)) {
      reached = stage;
      since = now;
      trouble = Optional.empty();
    }
    trouble = trouble(progress).or(() -> trouble);
    if (trouble.isPresent() && now - since >= atMost.toNanos()) {
      throw new Unavailable(
          "%s%nThe run has come no further for %s and gives up (--give-up-after). Nothing is lost: what was read and loaded is committed, and the next start goes on behind it."
              .formatted(trouble.get(), inWords(atMost)));
    }
  }

  private static Stream<ExtractorProgress> extractors(RunProgress progress) {
    return Stream.concat(progress.extracted().stream(), progress.tables().stream());
  }

  /** What is tried again and again, a line each; empty if nothing is. */
  static Optional<String> trouble(RunProgress progress) {
    Stream<String> sources =
        extractors(progress).map(ExtractorProgress::lastError).flatMap(Optional::stream);
    Stream<String> targets =
        progress.loaders().stream()
            .filter(loader -> loader.state() == LoaderProgress.State.RETRYING)
            .flatMap(loader -> loader.lastError().stream().map(error -> "Target " + error));
    return Stream.concat(sources, targets)
        .reduce((one, other) -> one + System.lineSeparator() + other);
  }

  /** Such as {@code 10m} or {@code 1h30m}. */
  private static String inWords(Duration duration) {
    return duration.toString().substring(2).toLowerCase(Locale.ROOT);
  }
}
