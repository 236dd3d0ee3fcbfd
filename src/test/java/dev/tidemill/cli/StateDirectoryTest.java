package dev.tidemill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.embedded.Embedded;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The folder of the state stores: whose it may be, where it may be, and when it is full. */
final class StateDirectoryTest {
  @TempDir private Path folder;
  private Project project;

  @BeforeEach
  void a_project() {
    project = Project.in(folder).withOwnName().intoDuckDb().data("flights.csv", FewFlights.CSV);
  }

  @Test
  void of_another_pipeline_is_refused_and_left_as_it_is() throws IOException {
    Path state = project.stateDir().resolve(project.name());
    Path marker =
        project.write(
            "state/" + project.name() + "/tidemill.properties",
            "pipeline=another\ncluster=elsewhere\n");
    FewFlights.assertUnavailable(
        run(),
        "the state directory " + state + " belongs to pipeline 'another' on cluster elsewhere",
        "'state-dir'");
    assertThat(marker).content().startsWith("pipeline=another");
    Files.delete(marker);
    FewFlights.assertLoaded(run(), project.warehouseUrl());
  }

  @Test
  void of_the_same_pipeline_on_another_cluster_is_refused() {
    FewFlights.assertLoaded(run(), project.warehouseUrl());
    try (Embedded other = Embedded.start(Optional.empty())) {
      Path server = project.server(other.settings().brokers(), other.settings().registry());
      FewFlights.assertUnavailable(
          run(server), "belongs to pipeline", "on cluster", "'state-dir'", "restored from Kafka");
    }
    FewFlights.assertLoaded(run(), project.warehouseUrl());
  }

  @Test
  void that_another_process_uses_is_refused_until_that_has_ended() throws IOException {
    Path lock =
        project.write("state/%s/tidemill.%s/.lock".formatted(project.name(), project.name()), "");
    try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE);
        FileLock held = channel.lock()) { // as Kafka Streams has it while it runs
      assertThat(held.isValid()).isTrue();
      FewFlights.assertUnavailable(
          run(),
          "another process runs pipeline '" + project.name() + "'",
          project.stateDir().resolve(project.name()).toString(),
          "wait for its end",
          "'state-dir' (TIDEMILL_STATE_DIR) of its own");
    }
    FewFlights.assertLoaded(run(), project.warehouseUrl());
  }

  @Test
  void in_the_temporary_folder_is_refused() {
    Path server =
        project.write(
            "server.yaml",
            "brokers: %s\nregistry: %s\nstate-dir: %s\n"
                .formatted(
                    SharedCluster.settings().brokers(),
                    SharedCluster.settings().registry(),
                    Tidemill.folder().resolve("state")));
    FewFlights.assertUnavailable(
        run(server),
        "the state directory " + Tidemill.folder().resolve("state"),
        "is in the temporary folder",
        "'state-dir' (TIDEMILL_STATE_DIR)");
  }

  @Test
  void that_can_not_be_written_is_refused() {
    project.write("state", "a file, not a folder");
    FewFlights.assertUnavailable(
        run(), "the state directory " + project.stateDir(), "can not be written", "'state-dir'");
  }

  @Test
  void on_a_disk_that_is_full_at_the_start_is_refused() throws Exception {
    try (SmallDisk disk = SmallDisk.mount(folder.resolve("disk"), "1m")) {
      Assumptions.assumeTrue(disk.isMounted(), disk.why());
      Path ballast = disk.fill();
      FewFlights.assertUnavailable(
          run(serverOnDisk()), stateOnDisk(), "No space left on device", "'state-dir'");
      Files.delete(ballast);
      disk.grow("100m");
      FewFlights.assertLoaded(run(serverOnDisk()), project.warehouseUrl());
    }
  }

  @Test
  void on_a_disk_that_becomes_full_stops_the_run_and_nothing_is_lost_when_there_is_room()
      throws Exception {
    try (SmallDisk disk = SmallDisk.mount(folder.resolve("disk"), "256k")) {
      Assumptions.assumeTrue(disk.isMounted(), disk.why());
      FewFlights.assertUnavailable(
          run(serverOnDisk()),
          "the disk is full under the state directory " + stateOnDisk(),
          "'state-dir'",
          "nothing is lost");
      disk.grow("100m");
      FewFlights.assertLoaded(run(serverOnDisk()), project.warehouseUrl());
    }
  }

  private String stateOnDisk() {
    return folder.resolve("disk/state").resolve(project.name()).toString();
  }

  private Path serverOnDisk() {
    return project.write(
        "server.yaml",
        "brokers: %s\nregistry: %s\nstate-dir: disk/state\n"
            .formatted(SharedCluster.settings().brokers(), SharedCluster.settings().registry()));
  }

  private Tidemill.Outcome run() {
    return run(SharedCluster.server(project));
  }

  private Tidemill.Outcome run(Path server) {
    return Tidemill.run("run", project.pipeline(), "--config", server, "--until-complete");
  }
}
