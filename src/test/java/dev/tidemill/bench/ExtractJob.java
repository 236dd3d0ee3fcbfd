package dev.tidemill.bench;

import java.net.URI;
import java.nio.file.Path;

/**
 * What one run of an extraction has to do. Crosses to its process as JSON.
 *
 * @param name of the run: no other one has it
 * @param limit whether a loop by hand does it, and not Tidemill
 * @param origin what is read
 * @param input a file's path, or the URL of a database or an API
 * @param orders how many there are
 * @param folder of this run alone
 */
record ExtractJob(
    String name,
    boolean limit,
    Origin origin,
    String input,
    String brokers,
    URI registry,
    long brokerPid,
    long orders,
    Path folder) {

  /** What orders are read from. */
  enum Origin {
    CSV,
    JSON,
    AVRO,
    PARQUET,
    POSTGRES,
    HTTP
  }

  /** Where the orders go. */
  String topic() {
    return limit
        ? name + "-orders"
        : new dev.tidemill.definition.Topics(name).source(ExtractProcess.SOURCE);
  }
}
