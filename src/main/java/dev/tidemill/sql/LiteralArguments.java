package dev.tidemill.sql;

import com.jayway.jsonpath.InvalidPathException;
import com.jayway.jsonpath.JsonPath;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlCharStringLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNumericLiteral;

/**
 * Units, formats and patterns that are written in the statement are tried when it is read: a wrong
 * one would reject every record.
 */
record LiteralArguments(Problems problems) {
  /** As Calcite reads it. */
  private static final Pattern PATH_MODE =
      Pattern.compile("^\\s*(?:strict|lax)\\s+", Pattern.CASE_INSENSITIVE);

  void check(SqlCall call) {
    List<SqlNode> operands = call.getOperandList();
    switch (call.getOperator().getName().toUpperCase(Locale.ROOT)) {
      case "DATE_TRUNC" -> tryOut(operands, 0, unit -> Dates.dateTrunc(unit, 0));
      case "DATE_PART" -> tryOut(operands, 0, unit -> Dates.datePart(unit, 0));
      case "TO_CHAR", "TO_DATE", "TO_TIMESTAMP" -> tryOut(operands, 1, DateFormat::of);
      case "REGEXP_LIKE" -> {
        tryOut(operands, 1, pattern -> Regexes.matches("", pattern));
        tryOut(operands, 2, flags -> Regexes.regexpLike("", "", flags));
      }
      case "REGEXP_REPLACE" -> {
        tryOut(operands, 1, pattern -> Regexes.matches("", pattern));
        tryOut(operands, 3, flags -> Regexes.regexpReplaceFlags("", "", "", flags));
      }
      case "REGEXP_SUBSTR", "REGEXP_COUNT" ->
          tryOut(operands, 1, pattern -> Regexes.matches("", pattern));
      case "JSON_VALUE", "JSON_QUERY", "JSON_EXISTS" ->
          tryOut(operands, 1, LiteralArguments::jsonPath);
      case "NTILE" -> atLeastOne(operands, 0, "NTILE takes a number of groups, at least 1");
      case "NTH_VALUE" -> atLeastOne(operands, 1, "NTH_VALUE counts rows from 1");
      case "LIKE", "NOT LIKE", "ILIKE", "NOT ILIKE" ->
          tryOut(operands, 2, escape -> Strings.likeEscape("", "", escape));
      case "SIMILAR TO", "NOT SIMILAR TO" ->
          tryOut(operands, 1, pattern -> Regexes.similar("", pattern));
      default -> {
        if (call.getOperator().getName().contains("POSIX REGEX")) {
          tryOut(operands, 1, pattern -> Regexes.matches("", pattern));
        }
      }
    }
  }

  /** In the evaluation it would be an error of each record, which JSON functions make NULL. */
  private static JsonPath jsonPath(String path) {
    try {
      return JsonPath.compile(PATH_MODE.matcher(path).replaceFirst(""));
    } catch (InvalidPathException | IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "'" + path + "' is no path into JSON; write one such as '$.a', '$.a.b[0]' or '$[*].a'",
          e);
    }
  }

  /** Zero would fail the batch, as no single record is to blame; less is no number to Calcite. */
  private void atLeastOne(List<SqlNode> operands, int index, String message) {
    if (operands.size() > index
        && operands.get(index) instanceof SqlNumericLiteral literal
        && literal.bigDecimalValue().signum() == 0) {
      problems.add(literal.getParserPosition(), message);
    }
  }

  private interface Use {
    Object of(String literal);
  }

  private void tryOut(List<SqlNode> operands, int index, Use use) {
    literal(operands, index)
        .ifPresent(
            text -> {
              try {
                use.of(text);
              } catch (IllegalArgumentException e) {
                problems.add(operands.get(index).getParserPosition(), e.getMessage());
              }
            });
  }

  private static Optional<String> literal(List<SqlNode> operands, int index) {
    return operands.size() > index && operands.get(index) instanceof SqlCharStringLiteral text
        ? Optional.ofNullable(text.getValueAs(String.class))
        : Optional.empty();
  }
}
