package dev.tidemill.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Columns as wide as they have to be; numbers to the right. */
final class TextTable {
  private final List<List<String>> rows = new ArrayList<>();
  private List<String> header = List.of();

  void header(List<String> names) {
    header = List.copyOf(names);
  }

  void row(List<String> cells) {
    rows.add(List.copyOf(cells));
  }

  void print(PrintWriter out) {
    int[] widths = new int[header.size()];
    boolean[] numeric = new boolean[header.size()];
    for (int i = 0; i < widths.length; i++) {
      int column = i;
      widths[i] =
          Math.max(
              header.get(i).length(),
              rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0));
      numeric[i] =
          !rows.isEmpty() && rows.stream().allMatch(row -> row.get(column).matches("[-0-9,.]+"));
    }
    out.println("  " + line(header, widths, numeric));
    StringBuilder rule = new StringBuilder();
    for (int width : widths) {
      rule.append(rule.isEmpty() ? "" : "  ").append("─".repeat(width));
    }
    out.println("  " + rule);
    rows.forEach(row -> out.println("  " + line(row, widths, numeric)));
  }

  private static String line(List<String> cells, int[] widths, boolean[] numeric) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String padding = " ".repeat(widths[i] - cells.get(i).length());
      line.append(i == 0 ? "" : "  ")
          .append(numeric[i] ? padding + cells.get(i) : cells.get(i) + padding);
    }
    return line.toString().stripTrailing();
  }
}
