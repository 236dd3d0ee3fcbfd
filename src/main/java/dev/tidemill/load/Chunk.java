package dev.tidemill.load;

import static java.util.Objects.requireNonNull;

import dev.tidemill.batch.EndOfShare;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What one transaction stages: rows and end marks in the order of their offsets, and how far the
 * positions move. Not thread-safe.
 */
public final class Chunk {

  /**
   * How far a partition's position moves.
   *
   * @param from where the target must be; empty if nothing of the partition has been staged yet
   * @param next the next offset to be read
   */
  public record Advance(Optional<Long> from, long next) {
    public Advance {
      requireNonNull(from, "from");
    }
  }

  private record Key(Instant batch, int share) {}

  private final Map<Key, SharePart> parts = new LinkedHashMap<>();
  private final Map<Integer, Advance> advances = new LinkedHashMap<>();
  private int rows;

  /**
   * @param batch its start
   * @param attempt the share's
   * @param offset in the partition of the share
   */
  public void row(Instant batch, int share, int attempt, long offset, Object[] row) {
    part(batch, share, attempt)
        .ifPresent(
            part -> {
              part.add(offset, row);
              rows++;
            });
  }

  public void end(EndOfShare end) {
    part(end.batch().start(), end.share(), end.attempt()).ifPresent(part -> part.end(end));
  }

  /** A row of this attempt can not be read: the attempt can never be published. */
  public void refuse(Instant batch, int share, int attempt, String reason) {
    part(batch, share, attempt).ifPresent(part -> part.refuse(reason));
  }

  public void advance(int partition, Optional<Long> from, long next) {
    advances.put(partition, new Advance(from, next));
  }

  /** Rows that were added, superseded ones too: a measure of the memory that it takes. */
  public int rows() {
    return rows;
  }

  public boolean isEmpty() {
    return parts.isEmpty();
  }

  Collection<SharePart> parts() {
    return Collections.unmodifiableCollection(parts.values());
  }

  Map<Integer, Advance> advances() {
    return Collections.unmodifiableMap(advances);
  }

  /** Empty if a newer attempt has made this one worthless. */
  private Optional<SharePart> part(Instant batch, int share, int attempt) {
    SharePart part =
        parts.compute(
            new Key(batch, share),
            (key, old) ->
                old == null || old.attempt() < attempt
                    ? new SharePart(batch, share, attempt)
                    : old);
    return part.attempt() == attempt ? Optional.of(part) : Optional.empty();
  }
}
