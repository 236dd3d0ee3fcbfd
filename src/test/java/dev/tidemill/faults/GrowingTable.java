package dev.tidemill.faults;

import dev.tidemill.cli.Table;

/** A table whose key is also the cursor. */
final class GrowingTable implements GrowingInput {
  private String database;

  @Override
  public String origin(Processes processes, String url) {
    database = url;
    Table.execute(url, "CREATE TABLE input (id BIGINT PRIMARY KEY, at TEXT NOT NULL)");
    return "jdbc: {url: \"%s\", table: input, cursor: [id], overlap: 1000, partitions: 2}"
        .formatted(url);
  }

  @Override
  public void grow(int from, int to) {
    Table.execute(
        database,
        ("INSERT INTO input SELECT id, to_char(to_timestamp(id * 2) AT TIME ZONE 'UTC',"
                + " 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"') FROM generate_series(%d, %d) AS id")
            .formatted(from, to - 1));
  }

  /** Such as {@code input:7:7}. */
  @Override
  public long id(String identity) {
    return Long.parseLong(identity.split(":")[1]);
  }
}
