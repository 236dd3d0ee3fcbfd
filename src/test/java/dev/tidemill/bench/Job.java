package dev.tidemill.bench;

import java.net.URI;
import java.nio.file.Path;

/**
 * What one run of a contender has to do. Crosses to its process as JSON.
 *
 * @param name of the run: no other one has it
 * @param statement the definition that Tidemill runs
 * @param log the orders, all written
 * @param brokerPid for the CPU time that the broker spends meanwhile
 * @param folder of this run alone, for state
 */
record Job(
    Contender.Name system,
    String name,
    Statement statement,
    String brokers,
    URI registry,
    long brokerPid,
    LogInfo log,
    Path folder) {

  /** Where the results of a contender without a topic of its own are written. */
  String output() {
    return name + "-results";
  }
}
