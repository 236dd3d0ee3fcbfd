package dev.tidemill.bench;

import java.util.List;

/** Of some rounds. */
record Median(double median, double min, double max) {
  static Median of(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int n = sorted.size();
    double middle = (sorted.get((n - 1) / 2) + sorted.get(n / 2)) / 2;
    return new Median(middle, sorted.get(0), sorted.get(n - 1));
  }
}
