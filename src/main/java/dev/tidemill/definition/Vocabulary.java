package dev.tidemill.definition;

import java.util.List;

/**
 * Every key of a pipeline's definition: the one place from which the parser knows them and against
 * which {@code schemas/pipeline.schema.json} is tested.
 */
final class Vocabulary {
  static final Keys DEFINITION =
      Keys.of("definition")
          .required("pipeline", "batch", "sources")
          .optional("description", "functions", "sql", "require", "load", "queries");
  static final Keys QUERY = Keys.of("query").required("sql").optional("require", "load");
  static final Keys FUNCTION = Keys.of("function").required("class").optional("jar");
  static final Keys GATE = Keys.of("gate").required("sql", "is");
  static final Keys BATCH =
      Keys.of("batch")
          .required("every")
          .optional(
              "offset",
              "clock",
              "timezone",
              "grace",
              "idle-after",
              "late",
              "amend-after",
              "keep",
              "max-ahead",
              "max-rejects",
              "early")
          .later("deadline");
  static final Keys MAX_REJECTS = Keys.of("max-rejects").optional("share", "in-a-row");
  static final Keys SOURCE =
      Keys.of("source")
          .optional(
              "schema",
              "event-time",
              "file",
              "jdbc",
              "http",
              "topic",
              "key",
              "expect",
              "dedupe",
              "table",
              "demand",
              "complete-after",
              "rate",
              "schedule")
          .later("database", "distinct");
  static final Keys LOOKUP =
      Keys.of("lookup").required("key").optional("on-miss", "wait", "replicate");
  static final Keys FILE =
      Keys.of("file")
          .required("path", "format")
          .optional(
              "partitions",
              "compression",
              "encoding",
              "csv",
              "watch",
              "manifest",
              "on-replace",
              "on-mismatch");
  static final Keys CSV = Keys.of("csv").optional("delimiter", "quote", "header", "null-text");
  static final Keys JDBC =
      Keys.of("jdbc")
          .required("url")
          .optional(
              "user",
              "password",
              "driver",
              "table",
              "query",
              "primary-key",
              "cursor",
              "overlap",
              "poll",
              "fetch-size",
              "timeout",
              "partitions");
  static final Keys API =
      Keys.of("http")
          .required("url")
          .optional(
              "method",
              "body",
              "headers",
              "query",
              "records",
              "paging",
              "incremental",
              "id",
              "auth",
              "poll",
              "timeout",
              "max-response",
              "allowed-hosts",
              "insecure",
              "partitions");
  static final Keys PAGING =
      Keys.of("paging")
          .required("by")
          .optional("from", "parameter", "first", "limit", "limit-parameter");
  static final Keys INCREMENTAL =
      Keys.of("incremental").required("parameter", "field").optional("start", "overlap");
  static final Keys AUTH = Keys.of("auth").optional("basic", "bearer", "header", "oauth2");
  static final Keys BASIC = Keys.of("basic").required("user", "password");
  static final Keys HEADER = Keys.of("header").required("name", "value");
  static final Keys OAUTH2 =
      Keys.of("oauth2").required("token-url", "client-id", "client-secret").optional("scope");
  static final Keys DEMAND =
      Keys.of("demand").required("max").optional("min", "max-bytes", "overflow", "patience");
  static final Keys SCHEDULE =
      Keys.of("schedule")
          .optional(
              "cron",
              "every",
              "timezone",
              "skipped-hour",
              "repeated-hour",
              "overlap",
              "misfire",
              "misfire-cap",
              "timeout",
              "retries",
              "backoff",
              "jitter");
  static final Keys TOPIC =
      Keys.of("topic")
          .required("name", "format")
          .optional("max-jump", "trust-timestamps", "on-incompatible")
          .later("table");
  static final Keys EVENT_TIME =
      Keys.of("event-time").required("field").optional("format", "timezone");
  static final Keys RULE = Keys.of("rule").required("rule").optional("on-break");
  static final Keys DEDUPE = Keys.of("dedupe").required("by").optional("within");
  static final Keys TARGET =
      Keys.of("target").optional("postgres", "duckdb").later("parquet", "jdbc", "topic");
  static final Keys POSTGRES = Keys.of("postgres").required("url", "table");
  static final Keys DUCKDB = Keys.of("duckdb").required("path", "table");

  static final List<Keys> ALL =
      List.of(
          DEFINITION,
          QUERY,
          BATCH,
          MAX_REJECTS,
          SOURCE,
          LOOKUP,
          FILE,
          CSV,
          JDBC,
          API,
          PAGING,
          INCREMENTAL,
          AUTH,
          BASIC,
          HEADER,
          OAUTH2,
          DEMAND,
          SCHEDULE,
          TOPIC,
          EVENT_TIME,
          RULE,
          DEDUPE,
          TARGET,
          POSTGRES,
          DUCKDB,
          GATE,
          FUNCTION);

  /** Of the server file, which has no schema of its own. */
  static final Keys SERVER =
      Keys.of("server")
          .optional(
              "brokers",
              "registry",
              "state-dir",
              "replication-factor",
              "standbys",
              "state-memory",
              "session-timeout",
              "kafka",
              "listeners",
              "http",
              "extract");

  static final Keys EXTRACT = Keys.of("extract").optional("base-directories", "rate");

  static final Keys LISTENER = Keys.of("listener").required("class").optional("jar", "events");

  static final Keys HTTP = Keys.of("http").optional("port", "host", "advertised", "token");

  private Vocabulary() {}
}
