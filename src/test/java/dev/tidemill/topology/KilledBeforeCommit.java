package dev.tidemill.topology;

import dev.tidemill.embedded.TestClients;
import dev.tidemill.events.Events;
import dev.tidemill.schema.ConfluentRegistry;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;

/** A process of its own that is killed when it has flushed its partials and not yet committed. */
final class KilledBeforeCommit {
  static final Spec SPEC = Spec.sums(1).soonIdle();
  static final int KILLED = 42;

  private KilledBeforeCommit() {}

  /** Until it is dead. */
  static int run(Cluster cluster, String pipeline, String instance) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                KilledBeforeCommit.class.getName(),
                cluster.brokers(),
                cluster.registryUrl().toString(),
                cluster.settings(pipeline, instance).stateDir().toString(),
                pipeline)
            .inheritIO()
            .start();
    try {
      Await.until("the process is dead", () -> !process.isAlive());
      return process.exitValue();
    } finally {
      process.destroyForcibly();
    }
  }

  public static void main(String[] args) throws IOException {
    String pipeline = args[3];
    var settings = Cluster.settings(args[0], URI.create(args[1]), Path.of(args[2]));
    var compiled = SPEC.compile(pipeline);
    var death =
        new DyingProducers(
            1,
            compiled.definition().topics().shuffle(),
            commit -> commit.partials() > 0,
            () -> Runtime.getRuntime().halt(KILLED));
    try (var registry = new ConfluentRegistry(settings.registry());
        var instance =
            new Instance(
                compiled, registry, settings, Clock.systemUTC(), death.seams(), Events.unheard())) {
      throw new AssertionError("was not killed but gave up: " + instance.failure());
    }
  }

  /** What the group coordinator does when their sessions are over, after 15 s. */
  static void sendAwayTheDead(Cluster cluster, String group) throws Exception {
    cluster
        .admin()
        .removeMembersFromConsumerGroup(group, new RemoveMembersFromConsumerGroupOptions())
        .all()
        .get();
    Await.until(
        "the group is empty",
        () -> {
          var described =
              TestClients.get(cluster.admin().describeConsumerGroups(List.of(group)).all());
          return described.get(group).members().isEmpty();
        });
  }
}
