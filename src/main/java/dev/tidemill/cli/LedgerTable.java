package dev.tidemill.cli;

import dev.tidemill.batch.Batch;
import dev.tidemill.batch.Books;
import dev.tidemill.batch.LedgerEntry;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/** The ledger as a table for people: one line a batch, and whether its books balance. */
final class LedgerTable {
  private static final DateTimeFormatter LOCAL =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm", Locale.ROOT);

  /** Where its column is; duplicates come before it, if there are any. */
  private static final int LATE = 9;

  private LedgerTable() {}

  /**
   * @param zone in which batches are shown
   */
  static void print(Collection<LedgerEntry> entries, ZoneId zone, PrintWriter out) {
    TreeSet<String> targets = new TreeSet<>();
    entries.forEach(entry -> targets.addAll(entry.loaded().keySet()));
    boolean duplicates = entries.stream().anyMatch(entry -> entry.books().duplicate() > 0);
    TextTable table = new TextTable();
    List<String> header =
        new ArrayList<>(
            List.of(
                "batch (" + zone + ")",
                "length",
                "attempt",
                "state",
                "closed by",
                "read",
                "accepted",
                "filtered",
                "rejected",
                "late",
                "rows"));
    if (duplicates) {
      header.add(LATE, "duplicate");
    }
    targets.forEach(target -> header.add("in " + target));
    header.add("books");
    table.header(header);
    for (LedgerEntry entry : entries) {
      List<String> row = row(entry, zone, targets);
      if (duplicates) {
        row.add(LATE, number(entry.books().duplicate()));
      }
      table.row(row);
    }
    table.print(out);
    entries.stream()
        .filter(entry -> !entry.note().isEmpty())
        .forEach(entry -> out.println("  " + entry.batch().id() + ": " + entry.note()));
  }

  private static List<String> row(LedgerEntry entry, ZoneId zone, TreeSet<String> targets) {
    Books books = entry.books();
    List<String> row =
        new ArrayList<>(
            List.of(
                local(entry.batch().start(), zone),
                length(entry.batch()),
                String.valueOf(entry.attempt()),
                entry.state().name(),
                entry.closeReason().map(Enum::name).orElse("-"),
                number(books.read()),
                number(books.accepted()),
                number(books.filtered()),
                number(books.rejected()),
                number(books.late()),
                number(entry.resultRows())));
    for (String target : targets) {
      Long rows = entry.loaded().get(target);
      row.add(rows == null ? "-" : number(rows));
    }
    row.add(entry.balances() ? "balanced" : "UNBALANCED");
    return row;
  }

  private static String length(Batch batch) {
    Duration length = batch.length();
    return length.toMinutesPart() == 0
        ? length.toHours() + " h"
        : length.toHours() + " h " + length.toMinutesPart() + " min";
  }

  static String local(Instant time, ZoneId zone) {
    return ZonedDateTime.ofInstant(time, zone).format(LOCAL);
  }

  static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
