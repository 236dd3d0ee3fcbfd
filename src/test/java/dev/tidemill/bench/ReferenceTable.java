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

/** The runs of the reference case, for people and for programs. */
final class ReferenceTable {
  private static final Map<String, ToDoubleFunction<Run>> KEYS = new LinkedHashMap<>();

  static {
    KEYS.put("records_per_second", run -> run.measurement().recordsPerSecond());
    KEYS.put("whole_records_per_second", run -> run.measurement().wholeRecordsPerSecond());
    KEYS.put(
        "second_half_records_per_second", run -> run.measurement().secondHalfRecordsPerSecond());
    KEYS.put("cpu_seconds_per_million", run -> run.measurement().cpuSecondsPerMillion());
    KEYS.put(
        "broker_cpu_seconds_per_million", run -> run.measurement().brokerCpuSecondsPerMillion());
    KEYS.put("peak_rss_mb", run -> run.measurement().peakRssMb());
    KEYS.put("seconds", run -> run.measurement().seconds());
    KEYS.put("drain_seconds", run -> run.measurement().drainSeconds());
    KEYS.put("foreign_cpu_seconds", run -> run.measurement().foreignCpuSeconds());
    KEYS.put("steal_seconds", run -> run.measurement().stealSeconds());
    KEYS.put("missing_results", Run::missing);
  }

  private final long records;
  private final List<Run> runs;

  ReferenceTable(long records, List<Run> runs) {
    this.records = records;
    this.runs = List.copyOf(runs);
  }

  private List<Contender.Name> systems() {
    return runs.stream().map(Run::system).distinct().toList();
  }

  private List<Run> of(Contender.Name system) {
    return runs.stream().filter(run -> run.system() == system).toList();
  }

  private Median median(Contender.Name system, String key) {
    ToDoubleFunction<Run> value = KEYS.get(key);
    return Median.of(of(system).stream().map(value::applyAsDouble).toList());
  }

  List<ObjectNode> json() {
    return systems().stream().map(this::json).toList();
  }

  /** Medians, and below them what they are made of. */
  private ObjectNode json(Contender.Name system) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("case", "reference").put("system", system.toString()).put("records", records);
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

  private void extremes(ObjectNode node, Contender.Name system, Function<Median, Double> extreme) {
    KEYS.keySet().forEach(key -> node.put(key, extreme.apply(median(system, key))));
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(String.format(Locale.ROOT, "%,d records, medians of the rounds%n%n", records));
    text.append(
        "| system | records/s (min – max) | whole | 2nd half | CPU s/M | broker | RSS MB | drain s | foreign CPU s | steal s | missing |\n"
            + "|---|---|---|---|---|---|---|---|---|---|---|\n");
    for (Contender.Name system : systems()) {
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
    ratio(text, Contender.Name.DSL, "records_per_second");
    ratio(text, Contender.Name.DSL, "cpu_seconds_per_million");
    ratio(text, Contender.Name.DSL, "peak_rss_mb");
    ratio(text, Contender.Name.HEAP_LIMIT, "records_per_second");
    return text.toString();
  }

  private void ratio(StringBuilder text, Contender.Name other, String key) {
    if (systems().contains(Contender.Name.TIDEMILL) && systems().contains(other)) {
      text.append(
          String.format(
              Locale.ROOT,
              "%ntidemill / %s, %s: %.2f",
              other,
              key,
              median(Contender.Name.TIDEMILL, key).median() / median(other, key).median()));
    }
  }
}
