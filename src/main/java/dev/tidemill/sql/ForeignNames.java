package dev.tidemill.sql;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What functions, types and columns of other databases are called here. */
final class ForeignNames {
  private static final String WHOLE = "CAST; a value that does not fit rejects its record";
  private static final String DAYS = "TIMESTAMPDIFF(DAY, a, b)";
  private static final String TEXT = "TO_CHAR(t, 'YYYY-MM-DD')";
  private static final String DAY = "TO_DATE(s, 'YYYY-MM-DD')";
  private static final String TIME = "TO_TIMESTAMP(s, 'YYYY-MM-DD HH24:MI:SS')";
  private static final String MEDIAN = "PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY x)";
  private static final String DISTINCT = "COUNT(DISTINCT x), or APPROX_COUNT_DISTINCT(x)";
  private static final String FIND = "STRPOS(s, part) > 0, or s LIKE '%part%'";
  private static final String JSON = "JSON_VALUE(s, '$.path') or JSON_QUERY";
  private static final String ELEMENTS =
      "UNNEST(a) in FROM: FROM orders AS o, UNNEST(o.items) AS i (item)";
  private static final String ONE_OF = "EXISTS (SELECT …), or UNNEST(a) in FROM and a condition";
  private static final String BUCKET = "FLOOR(t TO HOUR), or DATE_TRUNC('hour', t)";
  private static final String TO_NUMBER = "CAST(s AS DECIMAL(18, 2))";
  private static final String TO_STRING = "CAST(x AS VARCHAR)";

  private static final Map<String, String> FUNCTIONS =
      Map.ofEntries(
          Map.entry("STRFTIME", TEXT),
          Map.entry("DATE_FORMAT", TEXT),
          Map.entry("FORMAT", TEXT),
          Map.entry("FORMAT_DATE", TEXT),
          Map.entry("FORMAT_TIMESTAMP", TEXT),
          Map.entry("TIMESTAMPTOSTRING", TEXT),
          Map.entry("STRPTIME", TIME),
          Map.entry("PARSE_TIMESTAMP", TIME),
          Map.entry("STRINGTOTIMESTAMP", TIME),
          Map.entry("STR_TO_DATE", DAY),
          Map.entry("PARSE_DATE", DAY),
          Map.entry("FROM_UNIXTIME", "TO_TIMESTAMP(seconds)"),
          Map.entry("TO_TIMESTAMP_LTZ", "TO_TIMESTAMP(seconds)"),
          Map.entry("MAKE_TIMESTAMP", TIME),
          Map.entry("TO_NUMBER", TO_NUMBER),
          Map.entry("TO_DECIMAL", TO_NUMBER),
          Map.entry("STR", TO_STRING),
          Map.entry("STRING", TO_STRING),
          Map.entry("TO_VARCHAR", TO_STRING),
          Map.entry("INT", "CAST(x AS INTEGER)"),
          Map.entry("INTEGER", "CAST(x AS INTEGER)"),
          Map.entry("DATE", "CAST(x AS DATE)"),
          Map.entry("TRY_CAST", WHOLE),
          Map.entry("SAFE_CAST", WHOLE),
          Map.entry("DATEDIFF", DAYS),
          Map.entry("DATE_DIFF", DAYS),
          Map.entry("TIMESTAMP_DIFF", DAYS),
          Map.entry("MONTHS_BETWEEN", "TIMESTAMPDIFF(MONTH, a, b)"),
          Map.entry("AGE", DAYS),
          Map.entry("DATEADD", "TIMESTAMPADD(DAY, 1, t)"),
          Map.entry("ADD_MONTHS", "TIMESTAMPADD(MONTH, 1, t)"),
          Map.entry("DATE_ADD", "t + INTERVAL '1' DAY"),
          Map.entry("DATE_SUB", "t - INTERVAL '1' DAY"),
          Map.entry("TIMESTAMP_TRUNC", "DATE_TRUNC('day', t)"),
          Map.entry("SESSION_WINDOW", "SESSION(t, INTERVAL '30' MINUTE) in GROUP BY"),
          Map.entry("TIME_BUCKET", BUCKET),
          Map.entry("DATE_BIN", BUCKET),
          Map.entry("DAY", "EXTRACT(DAY FROM t)"),
          Map.entry("WEEKDAY", "DATE_PART('isodow', t)"),
          Map.entry("CONVERT_TZ", "t + INTERVAL '1' HOUR; times are in UTC"),
          Map.entry("CONVERT_TIMEZONE", "t + INTERVAL '1' HOUR; times are in UTC"),
          Map.entry("LEN", "LENGTH(s)"),
          Map.entry("INSTR", "STRPOS(s, part)"),
          Map.entry("CHARINDEX", "STRPOS(s, part)"),
          Map.entry("LOCATE", "STRPOS(s, part)"),
          Map.entry("CONTAINS", FIND),
          Map.entry("STARTSWITH", "STARTS_WITH(s, prefix)"),
          Map.entry("ENDSWITH", "ENDS_WITH(s, suffix)"),
          Map.entry("UCASE", "UPPER(s)"),
          Map.entry("LCASE", "LOWER(s)"),
          Map.entry("SPLIT", "SPLIT_PART(s, separator, n)"),
          Map.entry("STRING_TO_ARRAY", "SPLIT_PART(s, separator, n)"),
          Map.entry("REGEXP_SPLIT_TO_ARRAY", "SPLIT_PART(s, separator, n)"),
          Map.entry("SUBSTRING_INDEX", "SPLIT_PART(s, separator, n)"),
          Map.entry("CONCAT_WS", "a || ',' || b, or CONCAT"),
          Map.entry("ISNULL", "COALESCE(x, y)"),
          Map.entry("ZEROIFNULL", "COALESCE(x, 0)"),
          Map.entry("IIF", "IF(condition, x, y)"),
          Map.entry("SAFE_DIVIDE", "x / NULLIF(y, 0)"),
          Map.entry("REGEXP_MATCHES", "REGEXP_LIKE(s, pattern)"),
          Map.entry("REGEXP_MATCH", "REGEXP_LIKE(s, pattern)"),
          Map.entry("REGEXP_CONTAINS", "REGEXP_LIKE(s, pattern)"),
          Map.entry("REGEXP_INSTR", "REGEXP_LIKE(s, pattern)"),
          Map.entry("REGEXP_EXTRACT", "REGEXP_SUBSTR(s, pattern)"),
          Map.entry("REGEXP_EXTRACT_ALL", "REGEXP_SUBSTR(s, pattern); it gives the first"),
          Map.entry("GROUP_CONCAT", "STRING_AGG(s, ',')"),
          Map.entry("COLLECT_LIST", "ARRAY_AGG(x)"),
          Map.entry("LIST", "ARRAY_AGG(x)"),
          Map.entry("COLLECT_SET", "ARRAY_AGG(DISTINCT x)"),
          Map.entry("LATEST_BY_OFFSET", "LAST_VALUE(x)"),
          Map.entry("EARLIEST_BY_OFFSET", "FIRST_VALUE(x)"),
          Map.entry("TOPK", "QUALIFY ROW_NUMBER() OVER (PARTITION BY … ORDER BY …) <= 3"),
          Map.entry("MEDIAN", MEDIAN),
          Map.entry("PERCENTILE", MEDIAN),
          Map.entry("PERCENTILE_APPROX", "APPROX_PERCENTILE(x, 0.5)"),
          Map.entry("APPROX_QUANTILES", "APPROX_PERCENTILE(x, 0.5)"),
          Map.entry("QUANTILE_CONT", MEDIAN),
          Map.entry("QUANTILE_DISC", "PERCENTILE_DISC(0.5) WITHIN GROUP (ORDER BY x)"),
          Map.entry("COUNT_IF", "COUNT(*) FILTER (WHERE …)"),
          Map.entry("COUNTIF", "COUNT(*) FILTER (WHERE …)"),
          Map.entry("SUMIF", "SUM(x) FILTER (WHERE …)"),
          Map.entry("COUNT_DISTINCT", DISTINCT),
          Map.entry("APPROX_DISTINCT", DISTINCT),
          Map.entry("UNIQ", DISTINCT),
          Map.entry("LOGICAL_AND", "BOOL_AND(x)"),
          Map.entry("LOGICAL_OR", "BOOL_OR(x)"),
          Map.entry("STDEV", "STDDEV(x)"),
          Map.entry("VAR", "VAR_SAMP(x)"),
          Map.entry("RATIO_TO_REPORT", "x / SUM(x) OVER (…)"),
          Map.entry("EXPLODE", ELEMENTS),
          Map.entry("FLATTEN", ELEMENTS),
          Map.entry("ARRAY", "ARRAY[1, 2]"),
          Map.entry("ARRAY_CONTAINS", ONE_OF),
          Map.entry("ARRAY_LENGTH", "CARDINALITY(a)"),
          Map.entry("SIZE", "CARDINALITY(a)"),
          Map.entry("ARRAY_TO_STRING", "STRING_AGG(x, ',') over UNNEST(a)"),
          Map.entry("STRUCT", "the values as columns of their own"),
          Map.entry("JSON_EXTRACT", JSON),
          Map.entry("JSON_EXTRACT_SCALAR", JSON),
          Map.entry("JSON_EXTRACT_PATH_TEXT", JSON),
          Map.entry("GET_JSON_OBJECT", JSON),
          Map.entry("EXTRACTJSONFIELD", JSON),
          Map.entry("PARSE_JSON", JSON),
          Map.entry("JSON_TABLE", JSON),
          Map.entry("TO_JSON", "JSON_OBJECT('a': a, 'b': b)"),
          Map.entry("JSON_AGG", "ARRAY_AGG(x)"),
          Map.entry("HEADER", "headers['name']"),
          Map.entry("HEADERS", "headers['name']"),
          Map.entry("RLIKE", "x ~ 'pattern'"),
          Map.entry("<=>", "x IS NOT DISTINCT FROM y"));

  private static final Map<String, String> TYPES =
      Map.ofEntries(
          Map.entry("STRING", "VARCHAR"),
          Map.entry("TEXT", "VARCHAR"),
          Map.entry("JSON", "VARCHAR, and JSON_VALUE(s, '$.path')"),
          Map.entry("LONG", "BIGINT"),
          Map.entry("INT64", "BIGINT"),
          Map.entry("INT8", "BIGINT"),
          Map.entry("INT32", "INTEGER"),
          Map.entry("INT4", "INTEGER"),
          Map.entry("FLOAT64", "DOUBLE"),
          Map.entry("FLOAT8", "DOUBLE"),
          Map.entry("FLOAT4", "REAL"),
          Map.entry("NUMBER", "DECIMAL(18, 2), or BIGINT"),
          Map.entry("MONEY", "DECIMAL(18, 2)"),
          Map.entry("BOOL", "BOOLEAN"),
          Map.entry("BYTES", "VARBINARY"),
          Map.entry("BYTEA", "VARBINARY"),
          Map.entry("BLOB", "VARBINARY"),
          Map.entry("DATETIME", "TIMESTAMP"),
          Map.entry("TIMESTAMPTZ", "TIMESTAMP; it is in UTC"),
          Map.entry("TIMESTAMP_NTZ", "TIMESTAMP; it is in UTC"),
          Map.entry("TIMESTAMP_LTZ", "TIMESTAMP; it is in UTC"));

  private static final Map<String, String> COLUMNS =
      Map.ofEntries(
          Map.entry("ROWTIME", "event_time"),
          Map.entry("_TIMESTAMP", "event_time"),
          Map.entry("ROWKEY", "record_key"),
          Map.entry("_KEY", "record_key"),
          Map.entry("ROWPARTITION", "source_partition"),
          Map.entry("ROWOFFSET", "source_offset"),
          Map.entry("WINDOWSTART", "batch_start"),
          Map.entry("WINDOW_START", "batch_start"),
          Map.entry("WINDOWEND", "batch_end"),
          Map.entry("WINDOW_END", "batch_end"));

  private ForeignNames() {}

  static Optional<String> function(String name) {
    return find(FUNCTIONS, name);
  }

  static Optional<String> type(String name) {
    return find(TYPES, name);
  }

  static Optional<String> column(String name) {
    return find(COLUMNS, name);
  }

  private static Optional<String> find(Map<String, String> names, String name) {
    return Optional.ofNullable(names.get(name.toUpperCase(Locale.ROOT)));
  }
}
