package dev.tidemill.sql;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.calcite.avatica.util.Casing;
import org.apache.calcite.avatica.util.Quoting;
import org.apache.calcite.sql.SqlAggFunction;
import org.apache.calcite.sql.SqlBasicCall;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.fun.SqlLibraryOperators;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlAbstractParserImpl;
import org.apache.calcite.sql.parser.SqlParseException;
import org.apache.calcite.sql.parser.SqlParser;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.parser.babel.SqlBabelParserImpl;
import org.apache.calcite.sql.util.SqlShuttle;
import org.apache.calcite.sql.validate.SqlConformanceEnum;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The standard's grammar: "quoted" identifiers, 'strings', names matched without regard to case.
 */
final class Syntax {
  private static final SqlParser.Config STANDARD =
      SqlParser.config()
          .withQuoting(Quoting.DOUBLE_QUOTE)
          .withUnquotedCasing(Casing.UNCHANGED)
          .withQuotedCasing(Casing.UNCHANGED)
          .withCaseSensitive(false)
          .withIdentifierMaxLength(256)
          .withConformance(SqlConformanceEnum.LENIENT);

  /** The same with x::type and ~, and with functions whose names the standard reserves. */
  private static final SqlParser.Config CONFIG =
      STANDARD.withParserFactory(SqlBabelParserImpl.FACTORY);

  private static final Pattern UNEXPECTED = Pattern.compile("Encountered \"([^\"]*)\" at line");
  private static final Pattern KEYWORD =
      Pattern.compile("Incorrect syntax near the keyword '([^']*)'");
  private static final int MAX_EXPECTED = 6;

  private Syntax() {}

  static SqlNode statement(String sql) throws SqlException {
    return parse(sql, SqlParser::parseStmt);
  }

  static SqlNode expression(String text) throws SqlException {
    return parse(text, SqlParser::parseExpression);
  }

  @FunctionalInterface
  private interface Parsing {
    SqlNode of(SqlParser parser) throws SqlParseException;
  }

  private static SqlNode parse(String sql, Parsing parsing) throws SqlException {
    try {
      return parsing.of(SqlParser.create(sql, CONFIG)).accept(new OwnFunctions());
    } catch (SqlParseException e) {
      throw problem(sql, clearer(sql, parsing, e));
    }
  }

  /** Of the two grammars' complaints the one further on: more of the text made sense to it. */
  private static SqlParseException clearer(String sql, Parsing parsing, SqlParseException e) {
    try {
      parsing.of(SqlParser.create(sql, STANDARD));
      return e;
    } catch (SqlParseException standard) {
      boolean further =
          e.getPos() != null
              && standard.getPos() != null
              && isBefore(standard.getPos(), e.getPos());
      return further ? e : standard;
    }
  }

  private static boolean isBefore(SqlParserPos a, SqlParserPos b) {
    return a.getLineNum() < b.getLineNum()
        || a.getLineNum() == b.getLineNum() && a.getColumnNum() < b.getColumnNum();
  }

  private static SqlException problem(String sql, SqlParseException e) {
    SqlParserPos at = e.getPos() == null ? SqlParserPos.ZERO : e.getPos();
    return new SqlException(
        List.of(
            new SqlException.Problem(
                Math.max(1, at.getLineNum()), Math.max(1, at.getColumnNum()), message(sql, e))));
  }

  private static String message(String sql, SqlParseException e) {
    String original = String.valueOf(e.getMessage());
    Matcher unexpected = UNEXPECTED.matcher(original);
    Matcher keyword = KEYWORD.matcher(original);
    if (original.startsWith("Encountered \"\\\"") || original.startsWith("Encountered \"'")) {
      return "syntax error: the quotation mark here is not closed";
    }
    if (keyword.find()) {
      return "syntax error at '"
          + keyword.group(1)
          + "'"
          + (keyword.group(1).equals("UNNEST")
              ? ", which stands in FROM: FROM orders AS o, UNNEST(o.items) AS i (item)"
              : "");
    }
    if (!unexpected.find()) {
      return "syntax error: " + original.lines().findFirst().orElse("");
    }
    String token = unexpected.group(1);
    if (token.endsWith("<EOF>")) {
      return "syntax error: the statement ends too early" + expected(e);
    }
    // Calcite names all tokens up to the one that does not fit; the first is where it stands.
    String first = token.split(" ")[0];
    String word = e.getPos() == null ? "" : new Text(sql).at(e.getPos());
    String written = word.isEmpty() ? first : word;
    if (first.equals("'")) {
      return "syntax error: the quotation mark here is not closed";
    }
    if (isReserved(first)) {
      return "syntax error at '"
          + written
          + "', which is a reserved word here; if it is the name of a column write \""
          + written
          + "\"";
    }
    return first.equals(";")
        ? "syntax error at ';': one statement, without a semicolon"
        : "syntax error at '" + written + "'" + expected(e);
  }

  private static String expected(SqlParseException e) {
    var names = e.getExpectedTokenNames();
    if (names.isEmpty() || names.size() > MAX_EXPECTED) {
      return "";
    }
    return names.stream().collect(Collectors.joining(", ", "; expected ", ""));
  }

  /** Whether it can not be a name unless it is quoted. */
  static boolean isReserved(String token) {
    return metadata().isReservedWord(token.toUpperCase(Locale.ROOT));
  }

  private static SqlAbstractParserImpl.Metadata metadata() {
    return SqlParser.create("", CONFIG).getMetadata();
  }

  /** Calls ours where the grammar has decided on a function of Calcite's library. */
  private static final class OwnFunctions extends SqlShuttle {
    @Override
    public @Nullable SqlNode visit(SqlCall call) {
      SqlNode visited = super.visit(call);
      if (call.getOperator() == SqlLibraryOperators.INFIX_CAST) {
        return placed((SqlCall) visited);
      }
      if (call.getKind() == SqlKind.STRING_AGG) {
        return ordered((SqlCall) visited, SqlStdOperatorTable.LISTAGG);
      }
      if (call.getKind() == SqlKind.ARRAY_AGG) {
        return ordered((SqlCall) visited, Library.ARRAY_AGG);
      }
      if (visited instanceof SqlBasicCall same && same.getOperator() instanceof SqlFunction) {
        String name = same.getOperator().getName();
        ScalarFunctions.named(name.equals("TRANSLATE3") ? "TRANSLATE" : name)
            .ifPresent(same::setOperator);
      }
      return visited;
    }

    /**
     * STRING_AGG(x, y ORDER BY z) as LISTAGG(x, y) WITHIN GROUP (ORDER BY z): Calcite's validator
     * does not know an order within the call below a FILTER.
     */
    private static SqlNode ordered(SqlCall aggregate, SqlAggFunction function) {
      List<SqlNode> operands = aggregate.getOperandList();
      int last = operands.size() - 1;
      if (!(operands.get(last) instanceof SqlNodeList order)) {
        return aggregate.getOperator().getKind() == function.getKind()
            ? function.createCall(
                aggregate.getFunctionQuantifier(),
                aggregate.getParserPosition(),
                operands.toArray(SqlNode[]::new))
            : aggregate;
      }
      SqlParserPos at = aggregate.getParserPosition();
      SqlNode values =
          function.createCall(
              aggregate.getFunctionQuantifier(),
              at,
              operands.subList(0, last).toArray(SqlNode[]::new));
      return SqlStdOperatorTable.WITHIN_GROUP.createCall(at, values, order);
    }

    /** The grammar has x::type begin with the token before it. */
    private static SqlNode placed(SqlCall cast) {
      SqlParserPos type = cast.operand(1).getParserPosition();
      SqlParserPos from = cast.operand(0).getParserPosition();
      return cast.getOperator().createCall(from.plus(type), cast.getOperandList());
    }
  }
}
