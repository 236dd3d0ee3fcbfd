package dev.tidemill.cli;

import dev.tidemill.batch.Batch;
import dev.tidemill.batch.Books;
import dev.tidemill.batch.EarlyResult;
import dev.tidemill.batch.LedgerEntry;
import dev.tidemill.batch.SourceCounts;
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
import java.util.function.ToLongFunction;

/** The ledger as a table for people: one line a batch, and whether its books balance. */
final class LedgerTable {
  private static final DateTimeFormatter LOCAL =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm", Locale.ROOT);
  private static final DateTimeFormatter WITH_SECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT);

  /** A verdict that is rare: shown where it was given. */
  private record RareColumn(String name, ToLongFunction<Books> count) {
    long of(LedgerEntry entry) {
      return count.applyAsLong(entry.books());
    }
  }

  private static final RareColumn DUPLICATE = new RareColumn("duplicate", Books::duplicate);

  private static final List<RareColumn> LATE =
      List.of(
          new RareColumn("amended", Books::amended),
          new RareColumn("carried", Books::carried),
          new RareColumn("carried in", Books::carriedIn));

  private LedgerTable() {}

  /**
   * @param sources whose counts may hold a batch back
   * @param zone in which batches are shown
   */
  static void print(
      Collection<LedgerEntry> entries, List<SourceCounts> sources, ZoneId zone, PrintWriter out) {
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
                "rejected"));
    if (duplicates) {
      header.add(DUPLICATE.name());
    }
    header.add("late");
    List<RareColumn> late =
        LATE.stream()
            .filter(column -> entries.stream().anyMatch(entry -> column.of(entry) > 0))
            .toList();
    late.forEach(column -> header.add(column.name()));
    header.add("rows");
    boolean early = entries.stream().anyMatch(entry -> entry.early().isPresent());
    if (early) {
      header.add("early rows");
    }
    targets.forEach(target -> header.add("in " + target));
    header.add("books");
    table.header(header);
    for (LedgerEntry entry : entries) {
      List<String> row = row(entry, zone, duplicates, late, early, targets);
      row.add(books(entry, sources));
      table.row(row);
    }
    table.print(out);
    entries.stream()
        .filter(entry -> !entry.note().isEmpty())
        .forEach(entry -> out.println("  " + entry.batch().id() + ": " + entry.note()));
    entries.forEach(entry -> QuarantineText.print(entry, out));
  }

  private static List<String> row(
      LedgerEntry entry,
      ZoneId zone,
      boolean duplicates,
      List<RareColumn> late,
      boolean early,
      TreeSet<String> targets) {
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
                number(books.rejected())));
    if (duplicates) {
      row.add(number(DUPLICATE.of(entry)));
    }
    row.add(number(books.late()));
    late.forEach(column -> row.add(number(column.of(entry))));
    row.add(number(entry.resultRows()));
    if (early) {
      row.add(entry.early().map(EarlyResult::rows).map(LedgerTable::number).orElse("-"));
    }
    for (String target : targets) {
      Long rows = entry.loaded().get(target);
      row.add(rows == null ? "-" : number(rows));
    }
    return row;
  }

  private static String books(LedgerEntry entry, List<SourceCounts> sources) {
    if (!entry.balances()) {
      return "UNBALANCED";
    }
    return sources.stream().anyMatch(source -> source.holdBack(entry)) ? "HELD BACK" : "balanced";
  }

  private static String length(Batch batch) {
    Duration length = batch.length();
    List<String> parts = new ArrayList<>();
    part(length.toHours(), "h", parts);
    part(length.toMinutesPart(), "min", parts);
    part(length.toSecondsPart(), "s", parts);
    return String.join(" ", parts);
  }

  private static void part(long amount, String unit, List<String> parts) {
    if (amount != 0) {
      parts.add(amount + " " + unit);
    }
  }

  /** With its offset, if the clock of the zone shows it twice. */
  static String local(Instant time, ZoneId zone) {
    ZonedDateTime local = ZonedDateTime.ofInstant(time, zone);
    boolean twice = zone.getRules().getValidOffsets(local.toLocalDateTime()).size() > 1;
    return local.format(local.getSecond() == 0 ? LOCAL : WITH_SECONDS)
        + (twice ? local.getOffset() : "");
  }

  static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
