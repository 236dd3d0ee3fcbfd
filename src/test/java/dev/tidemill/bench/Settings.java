package dev.tidemill.bench;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What can be set with {@code -Dbench.…}.
 *
 * @param records of the reference case
 * @param systems in the order of each round
 * @param jfr whether each run is recorded to {@code target/bench/<system>-<round>.jfr}
 */
record Settings(
    Set<String> cases, long records, int rounds, List<Contender.Name> systems, boolean jfr) {

  Settings {
    if (records < 1 || rounds < 1) {
      throw new IllegalArgumentException("bench.records and bench.rounds begin at 1");
    }
  }

  static Settings ofSystemProperties() {
    return new Settings(
        Set.of(
            System.getProperty("bench.cases", "reference,statements,extract,latency").split(",")),
        Long.parseLong(System.getProperty("bench.records", "10000000").replace("_", "")),
        Integer.getInteger("bench.rounds", 3),
        systems(System.getProperty("bench.systems", "")),
        Boolean.getBoolean("bench.jfr"));
  }

  private static List<Contender.Name> systems(String names) {
    return names.isEmpty()
        ? List.of(Contender.Name.values())
        : Stream.of(names.split(",")).map(Contender.Name::of).toList();
  }
}
