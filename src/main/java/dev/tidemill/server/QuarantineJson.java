package dev.tidemill.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemill.batch.LedgerEntry;
import dev.tidemill.batch.Quarantine;

/**
 * What joins, rules that warn and gates have to say of a batch. The keys are absent where there is
 * nothing to say.
 */
public final class QuarantineJson {
  private QuarantineJson() {}

  public static void put(ObjectNode json, LedgerEntry entry) {
    if (!entry.warned().isEmpty()) {
      entry.warned().forEach(json.putObject("warned")::put);
    }
    if (!entry.joins().isEmpty()) {
      ObjectNode joins = json.putObject("joins");
      entry
          .joins()
          .forEach(
              (join, count) -> {
                ObjectNode node = joins.putObject(join);
                node.put("hits", count.hits()).put("misses", count.misses());
                if (count.waitedOut() > 0) {
                  node.put("waitedOut", count.waitedOut());
                }
              });
    }
    entry.quarantine().ifPresent(quarantine -> put(json.putObject("quarantine"), quarantine));
  }

  private static void put(ObjectNode json, Quarantine quarantine) {
    var breaches = json.putArray("breaches");
    quarantine
        .breaches()
        .forEach(
            breach -> {
              ObjectNode node = breaches.addObject();
              node.put("gate", breach.gate());
              node.put("rule", breach.rule());
              node.put("reason", breach.reason());
              breach.samples().forEach(node.putArray("samples")::add);
            });
    quarantine
        .release()
        .ifPresent(
            release -> {
              ObjectNode node = json.putObject("release");
              node.put("by", release.by());
              node.put("at", release.at().toString());
              node.put("reason", release.reason());
            });
  }
}
