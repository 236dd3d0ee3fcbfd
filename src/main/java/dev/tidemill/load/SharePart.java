package dev.tidemill.load;

import dev.tidemill.batch.EndOfShare;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The rows of one attempt of one share within a chunk, and its end mark if that is in it too. */
final class SharePart {

  record Row(long offset, Object[] values) {}

  private final Instant batch;
  private final int share;
  private final int attempt;
  private final List<Row> rows = new ArrayList<>();
  private Optional<EndOfShare> end = Optional.empty();
  private String refusal = "";

  SharePart(Instant batch, int share, int attempt) {
    this.batch = batch;
    this.share = share;
    this.attempt = attempt;
  }

  Instant batch() {
    return batch;
  }

  int share() {
    return share;
  }

  int attempt() {
    return attempt;
  }

  List<Row> rows() {
    return rows;
  }

  Optional<EndOfShare> end() {
    return end;
  }

  /** Why this attempt can never be published; empty if nothing speaks against it. */
  String refusal() {
    return refusal;
  }

  void add(long offset, Object[] values) {
    rows.add(new Row(offset, values));
  }

  void end(EndOfShare mark) {
    end = Optional.of(mark);
  }

  /** The first reason is kept: the others mostly follow from it. */
  void refuse(String reason) {
    if (refusal.isEmpty()) {
      refusal = reason;
    }
  }
}
