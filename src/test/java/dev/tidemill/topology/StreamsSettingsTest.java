package dev.tidemill.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.definition.HttpSettings;
import dev.tidemill.definition.ServerSettings;
import dev.tidemill.definition.Topics;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;

class StreamsSettingsTest {

  @Test
  void the_session_of_the_main_consumer_is_as_the_server_settings_say() {
    Path stateDir = Path.of("state");
    ServerSettings server =
        new ServerSettings(
            "one:9092",
            URI.create("mock://registry"),
            stateDir,
            Map.of(),
            (short) 1,
            0,
            ServerSettings.STATE_MEMORY,
            Duration.ofSeconds(24),
            HttpSettings.NONE);
    try (StateMemory memory = new StateMemory(server.stateMemory())) {
      StreamsConfig config =
          new StreamsConfig(
              StreamsSettings.streams(server, new Topics("p"), stateDir, memory, Optional.empty()));
      assertThat(config.getMainConsumerConfigs("tidemill.p", "client", 0))
          .containsEntry("session.timeout.ms", 24_000)
          .containsEntry("heartbeat.interval.ms", 500);
    }
  }
}
