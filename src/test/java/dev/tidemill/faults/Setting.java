package dev.tidemill.faults;

import dev.tidemill.cli.SharedCluster;
import dev.tidemill.definition.BatchRule.LatePolicy;
import dev.tidemill.topology.RandomLog;
import java.net.URI;
import java.time.Duration;
import java.util.function.UnaryOperator;

/**
 * Where an experiment takes place, and with how much.
 *
 * @param pace at most so much event time between two records of a partition
 * @param database makes the URL that the application gets of the one that leads to the database
 */
record Setting(
    String brokers,
    URI registry,
    int records,
    Duration pace,
    Job job,
    String keep,
    LatePolicy late,
    UnaryOperator<String> database) {

  /** Some 60 batches on the broker of this JVM, which outlives all applications. */
  static Setting usual() {
    return new Setting(
        SharedCluster.settings().brokers(),
        SharedCluster.settings().registry(),
        12_000,
        Duration.ofMinutes(1),
        Job.of(Result.only(RandomLog.SQL)),
        "7d",
        LatePolicy.REJECT,
        UnaryOperator.identity());
  }

  Setting records(int number) {
    return new Setting(brokers, registry, number, pace, job, keep, late, database);
  }

  Setting pace(Duration time) {
    return new Setting(brokers, registry, records, time, job, keep, late, database);
  }

  Setting sql(String statement) {
    return job(Job.of(Result.only(statement)));
  }

  Setting job(Job other) {
    return new Setting(brokers, registry, records, pace, other, keep, late, database);
  }

  /** Batches that are open are published every so often. */
  Setting early(String every) {
    return job(job.batch("early: " + every));
  }

  Setting keep(String duration) {
    return new Setting(brokers, registry, records, pace, job, duration, late, database);
  }

  Setting late(LatePolicy policy) {
    return new Setting(brokers, registry, records, pace, job, keep, policy, database);
  }

  Setting database(UnaryOperator<String> url) {
    return new Setting(brokers, registry, records, pace, job, keep, late, url);
  }

  Setting on(String otherBrokers, URI otherRegistry) {
    return new Setting(otherBrokers, otherRegistry, records, pace, job, keep, late, database);
  }
}
