package dev.tidemill.server;

import dev.tidemill.batch.BatchState;
import dev.tidemill.batch.LedgerEntry;
import dev.tidemill.batch.PartitionRead;
import dev.tidemill.batch.Pause;
import dev.tidemill.batch.SourceCounts;
import dev.tidemill.extract.ExtractorProgress;
import dev.tidemill.load.LoaderProgress;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How far a run is, at one moment.
 *
 * @param extracted one for each extractor of a stream
 * @param tables one for each extractor of a table, whose rows are in no batch
 * @param entries the latest attempt of every batch, oldest first
 * @param accountedFor records that are in a batch's book, or known to belong to none
 * @param withoutBatch of these, the ones that belong to no batch
 * @param reads what each source partition has counted itself
 * @param different by topic, files of a stream that do not have the rows of their manifest
 * @param releasesPending whether a batch in quarantine may have been released meanwhile
 * @param pause where the pipeline stands still, since too many records were rejected
 * @param before what there was when the run began
 */
public record RunProgress(
    List<ExtractorProgress> extracted,
    List<ExtractorProgress> tables,
    List<LedgerEntry> entries,
    long accountedFor,
    long withoutBatch,
    List<PartitionRead> reads,
    Map<String, List<String>> different,
    List<LoaderProgress> loaders,
    boolean releasesPending,
    Optional<Pause> pause,
    RunStart before) {

  public RunProgress {
    different = Map.copyOf(different);
  }

  /** The counts of each source, over all batches. */
  public List<SourceCounts> sources() {
    return SourceCounts.of(reads);
  }

  /** What does not agree in the counts of a source, and what to do, for people. */
  public List<String> differences(SourceCounts source) {
    return source.differences(different.getOrDefault(source.topic(), List.of()));
  }

  public long rowsExtracted() {
    return extracted.stream().mapToLong(ExtractorProgress::rows).sum();
  }

  /**
   * Everything that the extractors had is published, accounted for, and loaded or known to have
   * failed, or held back by what a manifest says; or something else was read, which is past help.
   */
  public boolean isComplete() {
    return Stream.concat(extracted.stream(), tables.stream()).allMatch(ExtractorProgress::ended)
        && (isSettled() || !unequal().isEmpty());
  }

  /** Source partitions of which not exactly that was read which was extracted. */
  public List<PartitionRead> unequal() {
    return reads.stream().filter(read -> read.missing() != 0).toList();
  }

  /** Whether the files of a source do not have the rows that their manifests say. */
  public boolean isUnexpected() {
    return !extracted.stream().allMatch(source -> source.expected().isConfirmed());
  }

  private boolean isSettled() {
    return isAllRead()
        && !releasesPending
        && entries.stream().allMatch(entry -> entry.state().isFinal() || isHeldBack(entry))
        && loaders.stream().allMatch(LoaderProgress::settled);
  }

  /**
   * That as much was read as was extracted does not show it: of something else that writes there
   * the first may have been read, and of the extractor nothing. Its last marks show it, which say
   * how many records it has published; they are read behind all of these.
   */
  private boolean isAllRead() {
    long told = sources().stream().mapToLong(source -> source.extracted().orElse(0)).sum();
    return accountedFor == rowsExtracted()
        && (told == rowsExtracted() || !extracted.stream().allMatch(ExtractorProgress::counted));
  }

  private boolean isHeldBack(LedgerEntry entry) {
    return isUnexpected()
        && entry.state() == BatchState.CLOSING
        && entry.shares().stream().allMatch(LedgerEntry.Share::heard);
  }

  /** Promise 2 holds for every batch, and every batch is loaded. */
  public boolean isBalanced() {
    return unequal().isEmpty()
        && !isUnexpected()
        && entries.stream()
            .allMatch(entry -> entry.balances() && entry.state() == BatchState.LOADED);
  }

  /** Late records that are merged are none. */
  public boolean hasRejects() {
    return withoutBatch > 0
        || entries.stream()
            .map(LedgerEntry::books)
            .anyMatch(
                books -> books.rejected() + books.late() - books.amended() - books.carried() > 0);
  }

  /** Records that were rejected, ever; what belongs to no batch is among them. */
  public long rejected() {
    return rejected(entries, withoutBatch);
  }

  static long rejected(Collection<LedgerEntry> entries, long withoutBatch) {
    return withoutBatch + entries.stream().mapToLong(entry -> entry.books().rejected()).sum();
  }

  /**
   * Whether there were records in this run, and each was rejected: more likely a wrong definition,
   * or a format that has changed, than data.
   */
  public boolean isAllRejected() {
    long read = accountedFor - before.accountedFor();
    return read > 0 && rejected() - before.rejected() == read;
  }

  public long loadedBatches() {
    return entries.stream().filter(entry -> entry.state() == BatchState.LOADED).count();
  }
}
