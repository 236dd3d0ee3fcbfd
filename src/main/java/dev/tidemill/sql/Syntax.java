package dev.tidemill.sql;

import dev.tidemill.definition.Nearest;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
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
import org.apache.calcite.sql.SqlSyntax;
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

  /** No column is called so. */
  private static final Set<String> STRUCTURE =
      Set.of(
          "SELECT",
          "FROM",
          "WHERE",
          "GROUP",
          "HAVING",
          "UNION",
          "INTERSECT",
          "EXCEPT",
          "JOIN",
          "ON",
          "AS",
          "AND",
          "OR",
          "NOT",
          "IN",
          "CASE",
          "WHEN",
          "THEN",
          "ELSE",
          "END",
          "BY",
          "WITH",
          "LATERAL",
          "FOR",
          "SET",
          "DISTINCT",
          "BETWEEN",
          "LIKE",
          "IS",
          "OVER",
          "USING");

  private static final List<String> MISSPELT =
      List.of("SELECT", "FROM", "WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "JOIN", "UNION");

  private static final Set<String> COMMANDS =
      Set.of(
          "INSERT",
          "UPSERT",
          "UPDATE",
          "DELETE",
          "MERGE",
          "COPY",
          "CREATE",
          "ALTER",
          "DROP",
          "TRUNCATE",
          "EXPLAIN",
          "DESCRIBE",
          "SHOW",
          "SET",
          "RESET",
          "BEGIN",
          "COMMIT",
          "CALL",
          "USE",
          "DECLARE",
          "GRANT",
          "EXEC",
          "EXECUTE",
          "ANALYZE",
          "TABLE",
          "VALUES");

  private static final Pattern FIRST_WORD = Pattern.compile("^\\s*([A-Za-z]+)");
  private static final Pattern LAST_WORD = Pattern.compile("([A-Za-z_][A-Za-z0-9_]*)\\s*$");

  private Syntax() {}

  static SqlNode statement(String sql) throws SqlException {
    refuseCommand(sql);
    return parse(sql, SqlParser::parseStmt);
  }

  private static void refuseCommand(String sql) throws SqlException {
    Matcher word = FIRST_WORD.matcher(new Text(sql).code());
    if (word.find() && COMMANDS.contains(word.group(1).toUpperCase(Locale.ROOT))) {
      String command = word.group(1).toUpperCase(Locale.ROOT);
      var problems = new Problems();
      problems.add(
          new Text(sql).position(word.start(1)),
          "not supported: "
              + command
              + "; write a SELECT"
              + (command.equals("EXPLAIN")
                  ? ", './tidemill plan' shows how it is run"
                  : ", its rows go where 'load' says"));
      throw problems.exception();
    }
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
    var text = new Text(sql);
    int place =
        e.getPos() == null ? 0 : text.offset(e.getPos().getLineNum(), e.getPos().getColumnNum());
    var problems = new Problems();
    Complaint complaint = complaint(text, Math.max(0, Math.min(place, sql.length())), e);
    problems.add(text.position(complaint.place), "syntax error" + complaint.message);
    return problems.exception();
  }

  private record Complaint(int place, String message) {}

  private static Complaint complaint(Text text, int place, SqlParseException e) {
    String original = String.valueOf(e.getMessage());
    Matcher unexpected = UNEXPECTED.matcher(original);
    Matcher keyword = KEYWORD.matcher(original);
    if (original.startsWith("Encountered \"\\\"") || original.startsWith("Encountered \"'")) {
      return new Complaint(place, ": the quotation mark here is not closed");
    }
    if (original.contains("Encountered: <EOF>")) {
      return new Complaint(text.sql().lastIndexOf("/*"), ": the comment here is not closed");
    }
    if (original.startsWith("BETWEEN operator")) {
      return new Complaint(place, ": BETWEEN has no AND; write BETWEEN 1 AND 5");
    }
    if (original.startsWith("ORDER BY unexpected")) {
      return new Complaint(
          place,
          " at 'ORDER BY'; write ARG_MIN(x, y) or ARG_MAX(x, y) for the first x by y or the last");
    }
    if (text.code().startsWith("'", place) && text.code().indexOf('\'', place + 1) < 0) {
      return new Complaint(place, ": the quotation mark here is not closed");
    }
    Optional<ForeignSyntax.Found> foreign = ForeignSyntax.at(text, place);
    if (foreign.isPresent()) {
      var found = foreign.get();
      return new Complaint(found.place(), " at '" + found.text() + "'; " + found.advice());
    }
    if (keyword.find()) {
      return new Complaint(
          place,
          " at '"
              + keyword.group(1)
              + "'"
              + (keyword.group(1).equals("UNNEST")
                  ? ", which stands in FROM: FROM orders AS o, UNNEST(o.items) AS i (item)"
                  : ""));
    }
    boolean end = unexpected.find() && unexpected.group(1).endsWith("<EOF>");
    String written = end ? "" : text.at(e.getPos());
    Optional<Complaint> misspelt = misspelt(text.code(), place, written);
    if (misspelt.isPresent()) {
      return misspelt.get();
    }
    if (original.startsWith("Non-query expression")) {
      return new Complaint(place, ": here stands a SELECT, such as SELECT * FROM …");
    }
    if (end || written.equals(")") || STRUCTURE.contains(written.toUpperCase(Locale.ROOT))) {
      Optional<Unfinished.Found> unfinished = Unfinished.in(text.code());
      if (unfinished.isPresent()) {
        return new Complaint(unfinished.get().place(), ": " + unfinished.get().what());
      }
    }
    if (end) {
      return new Complaint(place, ": the statement ends too early" + expected(e));
    }
    String first = unexpected.reset().find() ? unexpected.group(1).split(" ")[0] : "";
    if (first.equals("'")) {
      return new Complaint(place, ": the quotation mark here is not closed");
    }
    if (first.isEmpty() && !original.startsWith("Lexical")) {
      return new Complaint(place, ": " + original.lines().findFirst().orElse(""));
    }
    // Calcite names all tokens up to the one that does not fit; the first is where it stands.
    String at = written.isEmpty() ? first : written;
    boolean name = isReserved(first) && !STRUCTURE.contains(first.toUpperCase(Locale.ROOT));
    return new Complaint(
        place,
        " at '"
            + at
            + "'"
            + (name
                ? ", which is a reserved word here; if it is the name of a column write \""
                    + at
                    + "\""
                : expected(e)));
  }

  /** Where there is a word like one of ours, the grammar stops at it or behind it. */
  private static Optional<Complaint> misspelt(String code, int place, String written) {
    Matcher before = LAST_WORD.matcher(code.substring(0, place));
    boolean isBefore = before.find();
    for (boolean here : new boolean[] {true, false}) {
      String word = here ? written : isBefore ? before.group(1) : "";
      if (word.matches("[A-Za-z]{4,}") && !isReserved(word)) {
        String hint = Nearest.hint(word, MISSPELT);
        if (!hint.isEmpty()) {
          return Optional.of(
              new Complaint(here ? place : before.start(1), " at '" + word + "'" + hint));
        }
      }
    }
    return Optional.empty();
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
      SqlNode visited = moved(super.visit(call));
      if (call.getOperator() == SqlLibraryOperators.INFIX_CAST) {
        return placed((SqlCall) visited);
      }
      if (call.getKind() == SqlKind.STRING_AGG) {
        return ordered((SqlCall) visited, SqlStdOperatorTable.LISTAGG);
      }
      if (call.getKind() == SqlKind.ARRAY_AGG) {
        return ordered((SqlCall) visited, Library.ARRAY_AGG);
      }
      if (call.getOperator().getName().equalsIgnoreCase("SESSION_END")) {
        return GroupWindows.sessionEnd((SqlCall) visited);
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

    /** What begins with x::type begins where x does. */
    private static SqlNode moved(SqlNode visited) {
      if (!(visited instanceof SqlBasicCall call) || !beginsWithCast(call)) {
        return visited;
      }
      SqlParserPos first = call.operand(0).getParserPosition();
      SqlParserPos all = call.getParserPosition();
      SqlParserPos last = call.operand(call.operandCount() - 1).getParserPosition();
      boolean inParentheses =
          all.getEndLineNum() != last.getEndLineNum()
              || all.getEndColumnNum() != last.getEndColumnNum();
      if (inParentheses) {
        return call; // it begins with them, which is right
      }
      return call.clone(
          new SqlParserPos(
              first.getLineNum(),
              first.getColumnNum(),
              all.getEndLineNum(),
              all.getEndColumnNum()));
    }

    private static boolean isInfix(SqlCall call) {
      return switch (call.getKind()) {
        case LIKE, SIMILAR, BETWEEN, AS -> true;
        default -> call.getOperator().getSyntax() == SqlSyntax.BINARY;
      };
    }

    private static boolean beginsWithCast(SqlNode node) {
      return node instanceof SqlBasicCall call
          && call.operandCount() > 0
          && isInfix(call)
          && call.operand(0) instanceof SqlBasicCall first
          && (first.getOperator() == SqlLibraryOperators.INFIX_CAST || beginsWithCast(first));
    }

    /** The grammar has x::type begin with the token before it. */
    private static SqlNode placed(SqlCall cast) {
      SqlParserPos type = cast.operand(1).getParserPosition();
      SqlParserPos from = cast.operand(0).getParserPosition();
      return cast.getOperator().createCall(from.plus(type), cast.getOperandList());
    }
  }
}
