package dev.tidemill.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemill.batch.LedgerEntry;

/** What is published of a batch before it closes. */
public final class EarlyJson {
  private EarlyJson() {}

  /** Adds {@code early}, if the entry has it. */
  public static void put(ObjectNode json, LedgerEntry entry) {
    entry
        .early()
        .ifPresent(
            early ->
                json.putObject("early")
                    .put("records", early.records())
                    .put("rows", early.rows())
                    .put("at", early.at().toString()));
  }
}
