package dev.tidemill.load;

import static dev.tidemill.load.Given.DAY;
import static dev.tidemill.load.Given.LOG;
import static dev.tidemill.load.Given.end;
import static dev.tidemill.load.Given.ready;
import static dev.tidemill.load.Given.share;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.definition.TargetDefinition;
import dev.tidemill.definition.Unavailable;
import dev.tidemill.load.Publication.Refused;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PostgresTargetTest extends TargetContract {
  private final String url = PostgresServer.newSchema();

  @Override
  TargetDefinition definition() {
    return new TargetDefinition.Postgres(url, "daily");
  }

  @Override
  Connection connect() throws SQLException {
    return DriverManager.getConnection(url);
  }

  @Test
  void text_with_a_nul_character_stops_its_batch_and_says_where_it_is() throws Exception {
    try (Target target = open(Given.STATES)) {
      target.prepare(LOG);
      Chunk chunk = new Chunk();
      chunk.advance(0, Optional.empty(), 2);
      chunk.row(DAY.start(), 0, 1, 0, Given.row("T\0X", 3L));
      chunk.end(end(DAY, 0, 1, 1));
      target.stage(chunk);

      assertThat(target.publish(ready(DAY, 1, share(1, 1))))
          .isInstanceOfSatisfying(
              Refused.class,
              refused ->
                  assertThat(refused.reason())
                      .contains("partition 0, offset 0, column state", "NUL"));
    }
  }

  @Test
  void a_lost_connection_is_trouble_and_not_the_end() throws Exception {
    try (Target target = open(Given.STATES)) {
      target.prepare(LOG);
      run(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
              + " WHERE application_name = 'tidemill departures'");

      assertThatThrownBy(target::positions).isInstanceOf(TargetException.class);
      target.prepare(LOG);
      assertThat(target.positions()).isEmpty();
    }
  }

  @Test
  void a_role_without_the_right_to_create_can_load_prepared_tables() throws Exception {
    String schema = query("SELECT current_schema()").get(0);
    run("CREATE ROLE loader_" + schema + " LOGIN");
    run("GRANT USAGE ON SCHEMA " + schema + " TO loader_" + schema);
    run(
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA "
            + schema
            + " TO loader_"
            + schema);
    String restricted = url.replace("user=postgres", "user=loader_" + schema);
    TargetDefinition definition = new TargetDefinition.Postgres(restricted, "daily");
    try (Target target = Targets.open("departures", definition, Given.STATES, Clock.systemUTC())) {
      target.prepare(LOG);
      Chunk chunk = new Chunk();
      chunk.advance(0, Optional.empty(), 1);
      chunk.end(end(DAY, 0, 1, 0));
      target.stage(chunk);

      assertThat(target.publish(ready(DAY, 1, share(1, 0))))
          .isEqualTo(new Publication.Published(1, 0));
    }
  }

  @Test
  void a_server_that_is_not_there_is_named_by_its_setting_and_not_by_its_password() {
    TargetDefinition nowhere =
        new TargetDefinition.Postgres(
            "jdbc:postgresql://127.0.0.1:1/x?user=u&password=geheim", "daily");
    try (Target target = Targets.open("departures", nowhere, Given.STATES, Clock.systemUTC())) {
      assertThatThrownBy(() -> target.prepare(LOG))
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("load.postgres.url")
          .hasMessageNotContaining("geheim");
    }
  }
}
