package dev.tidemill.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.definition.Unavailable;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class EmbeddedBrokerTest {
  @TempDir Path data;

  @Test
  void a_record_can_be_sent_and_read() {
    try (EmbeddedBroker broker = EmbeddedBroker.temporary()) {
      TestClients.createTopic(broker.bootstrapServers(), "pond", 1);
      TestClients.send(broker.bootstrapServers(), "pond", "water");
      assertThat(TestClients.values(broker.bootstrapServers(), "pond")).containsExactly("water");
    }
  }

  @Test
  void lasting_data_is_there_at_the_next_start_on_another_port() {
    String cluster;
    try (EmbeddedBroker broker = EmbeddedBroker.lasting(data)) {
      cluster = broker.clusterId();
      TestClients.createTopic(broker.bootstrapServers(), "pond", 1);
      TestClients.send(broker.bootstrapServers(), "pond", "water");
    }
    try (EmbeddedBroker broker = EmbeddedBroker.lasting(data)) {
      assertThat(broker.clusterId()).isEqualTo(cluster);
      assertThat(TestClients.values(broker.bootstrapServers(), "pond")).containsExactly("water");
    }
  }

  @Test
  void lasting_data_survives_the_death_of_the_process() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                BrokerOfAnotherProcess.class.getName(),
                data.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader out = process.inputReader()) {
      assertThat(out.readLine()).isEqualTo("sent");
    } finally {
      process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    }

    try (EmbeddedBroker broker = EmbeddedBroker.lasting(data)) {
      assertThat(TestClients.values(broker.bootstrapServers(), "pond")).containsExactly("water");
    }
  }

  /** Sends a record and waits to be killed. */
  static final class BrokerOfAnotherProcess {
    public static void main(String[] arguments) throws IOException {
      EmbeddedBroker broker = EmbeddedBroker.lasting(Path.of(arguments[0]));
      TestClients.createTopic(broker.bootstrapServers(), "pond", 1);
      TestClients.send(broker.bootstrapServers(), "pond", "water");
      System.out.println("sent");
      System.in.read();
    }
  }

  @Test
  void a_folder_has_one_broker_at_a_time() {
    try (EmbeddedBroker first = EmbeddedBroker.lasting(data)) {
      assertThatThrownBy(() -> EmbeddedBroker.lasting(data))
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("Another Tidemill is using the data folder " + data);
      assertThat(first.clusterId()).isNotBlank();
    }
  }

  @Test
  void a_taken_port_is_named_with_its_setting() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      assertThatThrownBy(() -> EmbeddedBroker.temporary(taken.getLocalPort()))
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("Port " + taken.getLocalPort())
          .hasMessageContaining("--broker-port");
    }
  }
}
