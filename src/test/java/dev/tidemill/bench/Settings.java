package dev.tidemill.bench;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What can be set with {@code -Dbench.…}.
 *
 * @param records of the reference case
 * @param wanted systems or extractions, in the order of each round; none: all
 * @param jfr whether each run is recorded to {@code target/bench/<system>-<round>.jfr}
 */
record Settings(Set<String> cases, long records, int rounds, List<String> wanted, boolean jfr) {

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
        Stream.of(System.getProperty("bench.systems", "").split(","))
            .filter(name -> !name.isEmpty())
            .toList(),
        Boolean.getBoolean("bench.jfr"));
  }

  List<Contender.Name> systems() {
    return wanted.isEmpty()
        ? List.of(Contender.Name.values())
        : wanted.stream().map(Contender.Name::of).toList();
  }

  /** Whether an extraction is to be run. */
  boolean isWanted(String extraction) {
    return wanted.isEmpty() || wanted.contains(extraction);
  }
}
