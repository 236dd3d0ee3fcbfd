package dev.tidemill.query;

import dev.tidemill.batch.LedgerEntry;
import dev.tidemill.schema.AvroRowDecoder;
import dev.tidemill.schema.DecodeException;
import dev.tidemill.schema.Registry;
import dev.tidemill.sql.CompiledPipeline;
import dev.tidemill.topology.ShareReads.Portion;
import dev.tidemill.topology.ShareSlice;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Answers from the shares' stores, and knows whether an answer is whole. Thread-safe.
 *
 * <p>An answer is all that was asked for, or says where it goes on, or names the shares that are
 * missing. Rows of a published attempt are counted against the ledger.
 */
public final class ResultQuery {
  /** Bytes of rows in one answer, encoded as in the results topic. */
  private static final long MOST_BYTES = 4_000_000;

  private final CompiledPipeline pipeline;
  private final Registry registry;
  private final Shares shares;

  /**
   * @param provisional whether rows can still change; if not, they are of the entry's attempt
   * @param rows as the result's schema says
   * @param next where to go on; empty at the end
   * @param missing shares that did not answer, for who accepts that
   * @param partial whether rows are missing, here or before
   */
  public record Answer(
      LedgerEntry entry,
      boolean provisional,
      List<Object[]> rows,
      Optional<String> next,
      List<Integer> missing,
      boolean partial) {}

  public ResultQuery(CompiledPipeline pipeline, Registry registry, Shares shares) {
    this.pipeline = pipeline;
    this.registry = registry;
    this.shares = shares;
  }

  /**
   * The row of one group.
   *
   * @throws QueryProblem if there is none, or it can not be told now
   */
  public Answer group(LedgerEntry entry, Group group) throws QueryProblem {
    byte[] key = group.key(pipeline.query().aggregation());
    int share = shares.of(key);
    ShareSlice slice = shares.read(share, entry.batch(), Portion.group(key));
    boolean published = Finality.isFinal(entry, share, slice);
    if (slice.rows().isEmpty()) {
      throw new QueryProblem(
          QueryProblem.Kind.UNKNOWN,
          "batch %s has no row for %s%s"
              .formatted(entry.batch().id(), group, published ? "" : " so far"));
    }
    return new Answer(entry, !published, decoded(slice.rows()), Optional.empty(), List.of(), false);
  }

  /**
   * All rows, from {@code page} on.
   *
   * @param page what an answer gave as {@code next}; empty for the beginning
   * @param partial whether an answer without some shares is one
   * @throws QueryProblem if it can not be told now, or the batch has changed between two pages
   */
  public Answer all(LedgerEntry entry, int limit, Optional<String> page, boolean partial)
      throws QueryProblem {
    Page from =
        page.isPresent()
            ? Page.of(page.get(), entry.batch().id(), shares.count())
            : Page.first(entry.batch().id());
    Reading reading = new Reading(entry, limit, from, partial);
    return reading.answer();
  }

  private List<Object[]> decoded(List<byte[]> encoded) {
    AvroRowDecoder decoder = new AvroRowDecoder(pipeline.query().resultSchema(), registry);
    List<Object[]> rows = new ArrayList<>();
    for (byte[] row : encoded) {
      try {
        rows.add(decoder.decode(row));
      } catch (DecodeException e) {
        throw new IllegalStateException("a row of the store can not be read", e);
      }
    }
    return rows;
  }

  /** One page, share by share. */
  private final class Reading {
    private final LedgerEntry entry;
    private final int limit;
    private final Page from;
    private final boolean mayBePartial;
    private final List<byte[]> rows = new ArrayList<>();
    private final TreeSet<Integer> missing = new TreeSet<>();
    private boolean published;
    private long bytes;

    Reading(LedgerEntry entry, int limit, Page from, boolean mayBePartial) {
      this.entry = entry;
      this.limit = limit;
      this.from = from;
      this.mayBePartial = mayBePartial;
      this.published = from.isFirst() || from.attempt() > 0;
    }

    Answer answer() throws QueryProblem {
      int share = from.share();
      Optional<byte[]> after = from.after();
      long ofShare = from.rows();
      while (share < shares.count() && rows.size() < limit && bytes < MOST_BYTES) {
        Optional<ShareSlice> slice = read(share, after);
        if (slice.isPresent()) {
          take(slice.get());
          ofShare += slice.get().rows().size();
          after = slice.get().next();
        }
        if (slice.isEmpty() || after.isEmpty()) {
          if (slice.isPresent() && published) {
            requireAll(share, ofShare);
          }
          share++;
          after = Optional.empty();
          ofShare = 0;
        } else if (slice.get().rows().isEmpty()) {
          break; // HAVING has left out many; the client may go on
        }
      }
      boolean partial = from.skipped() || !missing.isEmpty();
      Optional<String> next =
          share == shares.count()
              ? Optional.empty()
              : Optional.of(
                  new Page(
                          entry.batch().id(),
                          share,
                          after,
                          ofShare,
                          published ? entry.attempt() : 0,
                          partial)
                      .token());
      return new Answer(entry, !published, decoded(rows), next, List.copyOf(missing), partial);
    }

    /** Empty if it is missing, and may be. */
    private Optional<ShareSlice> read(int share, Optional<byte[]> after) throws QueryProblem {
      try {
        Portion portion =
            new Portion(Optional.empty(), after, limit - rows.size(), MOST_BYTES - bytes);
        ShareSlice slice = shares.read(share, entry.batch(), portion);
        requireSameAttempt(Finality.isFinal(entry, share, slice));
        return Optional.of(slice);
      } catch (QueryProblem e) {
        if (!mayBePartial || e.kind() != QueryProblem.Kind.UNAVAILABLE) {
          throw e;
        }
        missing.add(share);
        return Optional.empty();
      }
    }

    private void requireSameAttempt(boolean sliceIsPublished) throws QueryProblem {
      boolean changed =
          !from.isFirst()
              && from.attempt() > 0
              && (!sliceIsPublished || from.attempt() != entry.attempt());
      if (changed) {
        throw new QueryProblem(
            QueryProblem.Kind.CONFLICT,
            "batch "
                + entry.batch().id()
                + " has changed since the first page; begin again without 'page'");
      }
      published &= sliceIsPublished;
    }

    private void take(ShareSlice slice) {
      for (byte[] row : slice.rows()) {
        rows.add(row);
        bytes += row.length;
      }
    }

    /** The ledger knows how many rows the share has written: an answer is never short of some. */
    private void requireAll(int share, long found) {
      long expected = entry.shares().get(share).rows();
      if (found != expected) {
        throw new IllegalStateException(
            "share %d of batch %s gave %d rows, the ledger has %d"
                .formatted(share, entry.batch().id(), found, expected));
      }
    }
  }
}
