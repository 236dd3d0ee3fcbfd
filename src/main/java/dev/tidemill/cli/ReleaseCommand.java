package dev.tidemill.cli;

import dev.tidemill.batch.Ack;
import dev.tidemill.batch.BatchState;
import dev.tidemill.batch.LedgerEntry;
import dev.tidemill.batch.Release;
import dev.tidemill.definition.Topics;
import dev.tidemill.load.Releases;
import dev.tidemill.query.LedgerPages;
import dev.tidemill.query.LedgerView;
import dev.tidemill.schema.ConfluentRegistry;
import java.io.PrintWriter;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code tidemill batches PIPELINE release BATCH}: a person lets a quarantined batch go. */
@Command(
    name = "release",
    mixinStandardHelpOptions = true,
    customSynopsis =
        "tidemill batches PIPELINE release [--reason=TEXT] [--by=NAME] [OPTIONS] BATCH",
    description = "Publish a batch that is in quarantine, though it did not pass its gates.")
final class ReleaseCommand implements Callable<Integer> {
  private static final Duration WAIT = Duration.ofSeconds(10);

  @Spec private CommandSpec spec;

  @ParentCommand private BatchesCommand batches;

  @Parameters(
      paramLabel = "BATCH",
      description = "The batch: its start, as 'batches --json' shows it (2001-01-01T05:00:00Z).")
  private String id;

  @Option(names = "--reason", paramLabel = "TEXT", description = "Why; kept in the ledger.")
  private String reason = "";

  @Option(
      names = "--by",
      paramLabel = "NAME",
      defaultValue = "${sys:user.name}",
      description = "Who; kept in the ledger (default: the user of this process).")
  private String by;

  @Mixin private ServerOptions server;

  @Override
  public Integer call() throws Exception {
    Instant start = start();
    PrintWriter err = spec.commandLine().getErr();
    Optional<ServerOptions.Opened> opened = server.openExisting(err);
    if (opened.isEmpty()) {
      return Main.WRONG;
    }
    String pipeline = batches.pipeline();
    try (ServerOptions.Opened cluster = opened.get();
        ConfluentRegistry registry = new ConfluentRegistry(cluster.settings().registry());
        LedgerView ledger = BatchesCommand.existing(pipeline, registry, cluster.settings())) {
      ledger.pollToEnd(Duration.ofSeconds(30));
      Optional<LedgerEntry> found = find(ledger, start);
      if (found.isEmpty()) {
        err.println(
            "tidemill: the ledger of %s has no batch %s; 'tidemill batches %s' lists those that it has"
                .formatted(pipeline, start, pipeline));
        return Main.WRONG;
      }
      LedgerEntry entry = found.get();
      if (entry.state() != BatchState.QUARANTINED) {
        return notHeld(entry);
      }
      Release release = new Release(by, Instant.ofEpochMilli(System.currentTimeMillis()), reason);
      Releases.send(
          Ack.released(start, entry.attempt(), release),
          new Topics(pipeline),
          cluster.settings(),
          registry);
      return told(cluster.embedded().isPresent() ? Duration.ZERO : WAIT, ledger, entry);
    }
  }

  private Instant start() {
    try {
      return Instant.parse(id);
    } catch (DateTimeException e) {
      throw new ParameterException(
          spec.commandLine(),
          "'" + id + "' is no batch; write its start in UTC, such as 2001-01-01T05:00:00Z");
    }
  }

  private static Optional<LedgerEntry> find(LedgerView ledger, Instant start) {
    return LedgerPages.find(List.copyOf(ledger.entries()), start);
  }

  /** That it was released before is what was wanted. */
  private int notHeld(LedgerEntry entry) {
    Optional<Release> before = entry.quarantine().flatMap(q -> q.release());
    String batch = "batch " + entry.batch().id() + " attempt " + entry.attempt();
    if (before.isPresent()) {
      spec.commandLine()
          .getOut()
          .println(batch + " was " + before.get() + "; it is " + entry.state());
      return Main.DONE;
    }
    spec.commandLine()
        .getErr()
        .println(
            "tidemill: "
                + batch
                + " is "
                + entry.state()
                + ", not QUARANTINED: there is nothing to release");
    return Main.WRONG;
  }

  private int told(Duration atMost, LedgerView ledger, LedgerEntry held) {
    PrintWriter out = spec.commandLine().getOut();
    String batch = "batch " + held.batch().id() + " attempt " + held.attempt();
    long deadline = System.nanoTime() + atMost.toNanos();
    while (System.nanoTime() < deadline) {
      ledger.poll(Duration.ofMillis(200));
      LedgerEntry now = find(ledger, held.batch().start()).orElseThrow();
      if (now.state() != BatchState.QUARANTINED) {
        out.println(
            now.attempt() == held.attempt()
                ? batch + " is released; it is " + now.state()
                : batch
                    + " was replaced meanwhile: attempt "
                    + now.attempt()
                    + " is "
                    + now.state());
        return Main.DONE;
      }
    }
    out.println(batch + " will be released as soon as the pipeline runs");
    return Main.DONE;
  }
}
