package dev.tidemill.extract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tidemill.cli.SharedCluster;
import dev.tidemill.schema.JsonRow;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Rows of MariaDB, where it is installed ({@code apt-get install mariadb-server}). */
@Timeout(120)
final class MariaDbTest {
  @TempDir private static Path folder;
  private static MariaDbServer server;

  @BeforeAll
  static void start() {
    Optional<Path> program = MariaDbServer.installed();
    assumeTrue(program.isPresent(), "skipped: there is no mariadbd on the PATH or in /usr/sbin");
    server = MariaDbServer.start(program.get(), folder);
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  private static JdbcTrial trial(String name) {
    return new JdbcTrial(SharedCluster.brokers(), "mariadb-" + name, server.url(), null)
        .table(name);
  }

  @Test
  void types_are_those_of_the_table() {
    JdbcTrial trial =
        trial("everything")
            .sql(
                "CREATE TABLE everything (id BIGINT UNSIGNED PRIMARY KEY, flag BOOLEAN, small TINYINT,"
                    + " number INT UNSIGNED NOT NULL, price DECIMAL(10, 2), single FLOAT, twice DOUBLE,"
                    + " name VARCHAR(20), words LONGTEXT, doc JSON, size ENUM('low', 'high'), day DATE,"
                    + " hour TIME, moment DATETIME(3), instant TIMESTAMP(3) NULL, raw VARBINARY(9),"
                    + " more BLOB, yes BIT(1), bits BIT(10))",
                "INSERT INTO everything VALUES (18446744073709551615, true, -3, 4294967295, 12.30, 0.5,"
                    + " 1e300, 'é', 'long', '{\"a\": 1}', 'high', '2024-02-29', '23:59:59',"
                    + " '2024-03-31 02:30:00.123', '2024-03-31 08:00:00.123', x'00ff', x'01', b'1', b'1000000011')")
            .inferred()
            .run();
    JsonRow json = new JsonRow(trial.schema());
    assertThat(trial.rows())
        .singleElement()
        .extracting(row -> json.of(row).toString().replace('"', '\''))
        .isEqualTo(
            "{'id':18446744073709551615,'flag':true,'small':-3,'number':4294967295,'price':12.30,"
                + "'single':0.5,'twice':1.0E300,'name':'é','words':'long','doc':'{\\'a\\': 1}',"
                + "'size':'high','day':'2024-02-29','hour':'23:59:59',"
                + "'moment':'2024-03-31T02:30:00.123','instant':'2024-03-31T02:30:00.123Z',"
                + "'raw':'AP8=','more':'AQ==','yes':true,'bits':'AgM='}");
  }

  @Test
  void what_commits_behind_the_last_row_is_read_and_nothing_is_twice() throws Exception {
    JdbcTrial trial =
        trial("orders")
            .sql("CREATE TABLE orders (id INT PRIMARY KEY, changed DATETIME(6) NOT NULL)")
            .inferred()
            .cursor("changed")
            .overlap(Duration.ofMinutes(1));
    try (Connection slow = trial.connect();
        Statement statement = slow.createStatement()) {
      slow.setAutoCommit(false);
      statement.execute("INSERT INTO orders VALUES (0, '2024-01-01 00:00:05.000001')");
      trial.sql("INSERT INTO orders SELECT seq, '2024-01-01 00:00:30' FROM seq_1_to_20").run();
      assertThat(trial.firsts()).hasSize(20);
      slow.commit();
    }
    trial.run().run();
    assertThat(trial.firsts()).isEqualTo(numbers(21));
  }

  @Test
  void keys_of_several_columns_go_on_in_the_order_of_all() {
    JdbcTrial trial =
        trial("parts")
            .sql(
                "CREATE TABLE parts (id INT, name VARCHAR(9), PRIMARY KEY (name, id))",
                "INSERT INTO parts SELECT seq, CONCAT('n', seq % 3) FROM seq_0_to_19")
            .inferred()
            .cursor("name", "id")
            .overlap(0)
            .run()
            .sql("INSERT INTO parts SELECT seq, 'n2' FROM seq_20_to_24")
            .run();
    assertThat(trial.firsts()).isEqualTo(numbers(25));
  }

  private static List<Object> numbers(int to) {
    return IntStream.range(0, to).<Object>mapToObj(i -> i).toList();
  }
}
