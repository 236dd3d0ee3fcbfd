package dev.tidemill.bench;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** The runs of a case, for people and for programs. Not thread-safe. */
final class RunTable {
  static final String RATE = "records_per_second";
  static final String CPU = "cpu_seconds_per_million";
  static final String MEMORY = "peak_rss_mb";

  private static final Map<String, ToDoubleFunction<Run>> KEYS = new LinkedHashMap<>();

  static {
    KEYS.put(RATE, run -> run.measurement().recordsPerSecond());
    KEYS.put("whole_records_per_second", run -> run.measurement().wholeRecordsPerSecond());
    KEYS.put(
        "second_half_records_per_second", run -> run.measurement().secondHalfRecordsPerSecond());
    KEYS.put(CPU, run -> run.measurement().cpuSecondsPerMillion());
    KEYS.put(
        "broker_cpu_seconds_per_million", run -> run.measurement().brokerCpuSecondsPerMillion());
    KEYS.put(MEMORY, run -> run.measurement().peakRssMb());
    KEYS.put("seconds", run -> run.measurement().seconds());
    KEYS.put("drain_seconds", run -> run.measurement().drainSeconds());
    KEYS.put("foreign_cpu_seconds", run -> run.measurement().foreignCpuSeconds());
    KEYS.put("steal_seconds", run -> run.measurement().stealSeconds());
    KEYS.put("missing_results", Run::missing);
  }

  private final String name;
  private final String kind;
  private final long records;
  private final List<Run> runs;
  private final StringBuilder comparisons = new StringBuilder();

  /**
   * @param name of the case
   * @param kind what its runs differ in
   */
  RunTable(String name, String kind, long records, List<Run> runs) {
    this.name = name;
    this.kind = kind;
    this.records = records;
    this.runs = List.copyOf(runs);
  }

  private List<String> systems() {
    return runs.stream().map(Run::system).distinct().toList();
  }

  private List<Run> of(String system) {
    return runs.stream().filter(run -> run.system().equals(system)).toList();
  }

  private Median median(String system, String key) {
    ToDoubleFunction<Run> value = KEYS.get(key);
    return Median.of(of(system).stream().map(value::applyAsDouble).toList());
  }

  List<ObjectNode> json() {
    return systems().stream().map(this::json).toList();
  }

  /** Medians, and below them what they are made of. */
  private ObjectNode json(String system) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("case", name).put(kind, system).put("records", records);
    KEYS.keySet().forEach(key -> node.put(key, median(system, key).median()));
    extremes(node.putObject("min"), system, Median::min);
    extremes(node.putObject("max"), system, Median::max);
    ArrayNode rounds = node.putArray("rounds");
    for (Run run : of(system)) {
      ObjectNode round = rounds.addObject().put("round", run.round());
      KEYS.forEach((key, value) -> round.put(key, value.applyAsDouble(run)));
    }
    return node;
  }

  private void extremes(ObjectNode node, String system, Function<Median, Double> extreme) {
    KEYS.keySet().forEach(key -> node.put(key, extreme.apply(median(system, key))));
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(String.format(Locale.ROOT, "%,d records, medians of the rounds%n%n", records));
    text.append(
        "| "
            + kind
            + " | records/s (min – max) | whole | 2nd half | CPU s/M | broker | RSS MB | drain s | foreign CPU s | steal s | missing |\n"
            + "|---|---|---|---|---|---|---|---|---|---|---|\n");
    for (String system : systems()) {
      Median rate = median(system, "records_per_second");
      text.append(
          String.format(
              Locale.ROOT,
              "| %s | %,.0f (%,.0f – %,.0f) | %,.0f | %,.0f | %.2f | %.2f | %,.0f | %.1f | %.1f | %.1f | %,.0f |%n",
              system,
              rate.median(),
              rate.min(),
              rate.max(),
              median(system, "whole_records_per_second").median(),
              median(system, "second_half_records_per_second").median(),
              median(system, "cpu_seconds_per_million").median(),
              median(system, "broker_cpu_seconds_per_million").median(),
              median(system, "peak_rss_mb").median(),
              median(system, "drain_seconds").median(),
              median(system, "foreign_cpu_seconds").median(),
              median(system, "steal_seconds").median(),
              median(system, "missing_results").median()));
    }
    return text.append(comparisons).toString();
  }

  /** Adds a ratio of medians to the text, if both were run. */
  void compare(String one, String other, String key) {
    if (systems().contains(one) && systems().contains(other)) {
      comparisons.append(
          String.format(
              Locale.ROOT,
              "%n%s / %s, %s: %.2f",
              one,
              other,
              key,
              median(one, key).median() / median(other, key).median()));
    }
  }
}
