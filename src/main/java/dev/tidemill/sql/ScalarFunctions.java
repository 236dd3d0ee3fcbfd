package dev.tidemill.sql;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.calcite.sql.SqlBasicFunction;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.fun.SqlLibraryOperators;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql.type.SqlOperandTypeChecker;
import org.apache.calcite.sql.type.SqlReturnTypeInference;
import org.apache.calcite.sql.type.SqlTypeFamily;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeTransforms;

/**
 * Functions beside the standard's, most of them PostgreSQL's. Those that have a method are computed
 * by it; what Calcite rewrites into operators of the standard needs none.
 */
final class ScalarFunctions {
  /** What becomes of arguments before the method gets them. */
  enum Arguments {
    AS_THEY_ARE,
    DOUBLES,
    /** A DATE among them is its midnight. */
    TIMESTAMPS
  }

  /** A function that a method computes, which depends on the number of arguments. */
  static final class Function extends SqlFunction {
    private final Map<Integer, String> methods;
    private final Arguments arguments;

    private Function(
        String name,
        SqlReturnTypeInference type,
        SqlOperandTypeChecker operands,
        Map<Integer, String> methods,
        Arguments arguments) {
      super(name, SqlKind.OTHER_FUNCTION, type, null, operands, SqlFunctionCategory.SYSTEM);
      this.methods = methods;
      this.arguments = arguments;
    }

    String method(int count) {
      return methods.get(count);
    }

    Arguments arguments() {
      return arguments;
    }
  }

  private static final SqlTypeFamily TEXT = SqlTypeFamily.CHARACTER;
  private static final SqlTypeFamily INTEGER = SqlTypeFamily.INTEGER;
  private static final SqlReturnTypeInference STRING = ReturnTypes.VARCHAR_NULLABLE;
  private static final SqlReturnTypeInference BOOLEAN = ReturnTypes.BOOLEAN_NULLABLE;
  private static final SqlReturnTypeInference DOUBLE = ReturnTypes.DOUBLE_NULLABLE;
  private static final SqlReturnTypeInference TIMESTAMP = nullable(SqlTypeName.TIMESTAMP);
  private static final SqlReturnTypeInference DATE = ReturnTypes.DATE_NULLABLE;

  /** PostgreSQL's takes values of all types and leaves NULLs out. */
  static final SqlOperator CONCAT =
      SqlBasicFunction.create("CONCAT", ReturnTypes.VARCHAR, OperandTypes.ONE_OR_MORE);

  static final SqlOperator TRUNC =
      SqlBasicFunction.create("TRUNC", ReturnTypes.ARG0, OperandTypes.NUMERIC);

  private static final List<SqlOperator> ALL = new ArrayList<>();

  static {
    ALL.addAll(
        List.of(
            CONCAT,
            TRUNC,
            SqlLibraryOperators.INFIX_CAST,
            SqlLibraryOperators.GREATEST_PG,
            SqlLibraryOperators.LEAST_PG,
            SqlLibraryOperators.NVL,
            SqlLibraryOperators.IFNULL,
            SqlLibraryOperators.NVL2,
            SqlLibraryOperators.IF,
            SqlLibraryOperators.DECODE,
            SqlLibraryOperators.POW,
            SqlLibraryOperators.ILIKE,
            SqlLibraryOperators.NOT_ILIKE));
    add("LEFT", STRING, Map.of(2, "left"), TEXT, INTEGER);
    add("RIGHT", STRING, Map.of(2, "right"), TEXT, INTEGER);
    add("LPAD", STRING, Map.of(2, "lpad", 3, "lpadWith"), TEXT, INTEGER, TEXT);
    add("RPAD", STRING, Map.of(2, "rpad", 3, "rpadWith"), TEXT, INTEGER, TEXT);
    add("LTRIM", STRING, Map.of(1, "ltrim", 2, "ltrimOf"), TEXT, TEXT);
    add("RTRIM", STRING, Map.of(1, "rtrim", 2, "rtrimOf"), TEXT, TEXT);
    add("BTRIM", STRING, Map.of(1, "btrim", 2, "btrimOf"), TEXT, TEXT);
    add("REPEAT", STRING, Map.of(2, "repeat"), TEXT, INTEGER);
    add("REVERSE", STRING, Map.of(1, "reverse"), TEXT);
    add("SPLIT_PART", STRING, Map.of(3, "splitPart"), TEXT, TEXT, INTEGER);
    add("INITCAP", STRING, Map.of(1, "initcap"), TEXT);
    add("TRANSLATE", STRING, Map.of(3, "translate"), TEXT, TEXT, TEXT);
    add("CHR", STRING, Map.of(1, "chr"), INTEGER);
    add("SUBSTR", STRING, Map.of(2, "substringFrom", 3, "substringFor"), TEXT, INTEGER, INTEGER);
    add("LENGTH", ReturnTypes.INTEGER_NULLABLE, Map.of(1, "charLength"), TEXT);
    add("STRPOS", ReturnTypes.INTEGER_NULLABLE, Map.of(2, "strpos"), TEXT, TEXT);
    add("STARTS_WITH", BOOLEAN, Map.of(2, "startsWith"), TEXT, TEXT);
    add("ENDS_WITH", BOOLEAN, Map.of(2, "endsWith"), TEXT, TEXT);
    add("MD5", STRING, Map.of(1, "md5"), TEXT);
    add("SHA1", STRING, Map.of(1, "sha1"), TEXT);
    add("SHA256", STRING, Map.of(1, "sha256"), TEXT);
    add("SHA512", STRING, Map.of(1, "sha512"), TEXT);
    add("REGEXP_LIKE", BOOLEAN, Map.of(2, "matches", 3, "regexpLike"), TEXT, TEXT, TEXT);
    add(
        "REGEXP_SUBSTR",
        ReturnTypes.VARCHAR.andThen(SqlTypeTransforms.FORCE_NULLABLE),
        Map.of(2, "regexpSubstr"),
        TEXT,
        TEXT);
    add("REGEXP_COUNT", ReturnTypes.INTEGER_NULLABLE, Map.of(2, "regexpCount"), TEXT, TEXT);
    add(
        "REGEXP_REPLACE",
        STRING,
        Map.of(3, "regexpReplace", 4, "regexpReplaceFlags"),
        TEXT,
        TEXT,
        TEXT,
        TEXT);
    addDoubles("LOG", Map.of(1, "log10", 2, "logOf"), 2);
    addDoubles("LOG2", Map.of(1, "log2"), 1);
    add(
        "DATE_TRUNC",
        TIMESTAMP,
        Map.of(2, "dateTrunc"),
        Arguments.TIMESTAMPS,
        TEXT,
        SqlTypeFamily.DATETIME);
    add(
        "DATE_PART",
        ReturnTypes.BIGINT_NULLABLE,
        Map.of(2, "datePart"),
        Arguments.TIMESTAMPS,
        TEXT,
        SqlTypeFamily.DATETIME);
    add("TO_CHAR", STRING, Map.of(2, "toChar"), Arguments.TIMESTAMPS, SqlTypeFamily.DATETIME, TEXT);
    add("TO_TIMESTAMP", TIMESTAMP, Map.of(2, "parseTimestamp"), TEXT, TEXT);
    add(
        "TO_TIMESTAMP",
        TIMESTAMP,
        Map.of(1, "toTimestamp"),
        Arguments.DOUBLES,
        SqlTypeFamily.NUMERIC);
    add("TO_DATE", DATE, Map.of(2, "parseDate"), TEXT, TEXT);
    add("MAKE_DATE", DATE, Map.of(3, "makeDate"), INTEGER, INTEGER, INTEGER);
  }

  private ScalarFunctions() {}

  static List<SqlOperator> all() {
    return List.copyOf(ALL);
  }

  /** Ours of this name. The grammar makes calls of Calcite's own, which mean something else. */
  static Optional<SqlOperator> named(String name) {
    return ALL.stream()
        .filter(Function.class::isInstance)
        .filter(function -> function.getName().equals(name))
        .findFirst();
  }

  private static void addDoubles(String name, Map<Integer, String> methods, int most) {
    var families = new SqlTypeFamily[most];
    Arrays.fill(families, SqlTypeFamily.NUMERIC);
    add(name, DOUBLE, methods, Arguments.DOUBLES, families);
  }

  private static void add(
      String name,
      SqlReturnTypeInference type,
      Map<Integer, String> methods,
      SqlTypeFamily... families) {
    add(name, type, methods, Arguments.AS_THEY_ARE, families);
  }

  private static void add(
      String name,
      SqlReturnTypeInference type,
      Map<Integer, String> methods,
      Arguments arguments,
      SqlTypeFamily... families) {
    int least = methods.keySet().stream().min(Integer::compare).orElseThrow();
    SqlOperandTypeChecker operands = OperandTypes.family(List.of(families).subList(0, least));
    // One checker with optional operands would not look at them when some are left out.
    for (int count = least + 1; count <= families.length; count++) {
      operands = operands.or(OperandTypes.family(List.of(families).subList(0, count)));
    }
    ALL.add(new Function(name, type, operands, methods, arguments));
  }

  private static SqlReturnTypeInference nullable(SqlTypeName name) {
    return ReturnTypes.explicit(name).andThen(SqlTypeTransforms.TO_NULLABLE);
  }
}
