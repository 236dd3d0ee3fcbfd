package dev.tidemill.extract;

import dev.tidemill.batch.Expected;
import java.util.List;
import java.util.Optional;

/**
 * How far an extractor is; counts are of committed transactions, over all of its runs.
 *
 * @param rows published, unreadable ones included
 * @param unreadable those of this run that do not fit the schema
 * @param filesDone read to their end
 * @param bytes read
 * @param bytesTotal size of all files
 * @param ended whether everything is published
 * @param waitsFor who is too far behind, so that it waits
 * @param lastError what keeps it from going on, with the source's name; empty if nothing does
 * @param counted whether its marks say how many records it has published; those of an earlier
 *     release do not
 * @param expected what manifests say of the rows
 * @param different files that do not have the rows of their manifest, for people; what this
 *     instance knows of them
 * @param awaited how many files wait for their manifest, or are waited for by one, as the instance
 *     that extracts the source knows
 */
public record ExtractorProgress(
    long rows,
    long unreadable,
    int filesDone,
    int files,
    long bytes,
    long bytesTotal,
    boolean ended,
    Optional<Backlog> waitsFor,
    Optional<String> lastError,
    boolean counted,
    Expected expected,
    List<String> different,
    int awaited) {

  static final ExtractorProgress NONE =
      new ExtractorProgress(0, 0, 0, 0, 0, 0, false, Optional.empty(), Optional.empty());

  /** Of a source of which nothing is expected. */
  public ExtractorProgress(
      long rows,
      long unreadable,
      int filesDone,
      int files,
      long bytes,
      long bytesTotal,
      boolean ended,
      Optional<Backlog> waitsFor,
      Optional<String> lastError) {
    this(
        rows,
        unreadable,
        filesDone,
        files,
        bytes,
        bytesTotal,
        ended,
        waitsFor,
        lastError,
        true,
        Expected.NOTHING,
        List.of(),
        0);
  }

  /** The same, but there may be more. */
  ExtractorProgress notEnded() {
    return with(false, lastError);
  }

  /** The same, but it is tried again. */
  ExtractorProgress retrying(String error) {
    return with(ended, Optional.of(error));
  }

  private ExtractorProgress with(boolean ended, Optional<String> lastError) {
    return new ExtractorProgress(
        rows,
        unreadable,
        filesDone,
        files,
        bytes,
        bytesTotal,
        ended,
        waitsFor,
        lastError,
        counted,
        expected,
        different,
        awaited);
  }
}
