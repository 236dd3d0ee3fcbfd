package dev.tidemill.sql;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.calcite.sql.JoinType;
import org.apache.calcite.sql.SqlBasicCall;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlNumericLiteral;
import org.apache.calcite.sql.SqlOrderBy;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlSelectKeyword;
import org.apache.calcite.sql.SqlSetOperator;
import org.apache.calcite.sql.SqlWindow;
import org.apache.calcite.sql.SqlWith;
import org.apache.calcite.sql.SqlWithItem;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.util.SqlBasicVisitor;

/** Finds everything in a parsed statement that the standard knows and we do not, by name. */
final class Unsupported {
  static final String SAME_RESULT = "a batch must have the same result whenever it is computed; ";

  private static final Set<String> AGGREGATES = AggregateFunctions.NAMES;

  private static final Set<String> WINDOW_FUNCTIONS =
      Set.of(
          "ROW_NUMBER",
          "RANK",
          "DENSE_RANK",
          "PERCENT_RANK",
          "CUME_DIST",
          "NTILE",
          "LAG",
          "LEAD",
          "FIRST_VALUE",
          "LAST_VALUE",
          "NTH_VALUE",
          "GROUPING",
          "GROUPING_ID",
          "GROUP_ID");

  private static final Set<String> OTHER_AGGREGATES =
      Catalog.OPERATORS.getOperatorList().stream()
          .filter(o -> o.isAggregator())
          .map(o -> o.getName())
          .filter(name -> !AGGREGATES.contains(name) && !WINDOW_FUNCTIONS.contains(name))
          .collect(Collectors.toUnmodifiableSet());

  private static final String FORM =
      "; write FROM orders AS o, UNNEST(o.items) AS i (item), or LEFT JOIN … ON TRUE";

  private static final Set<String> SEPARATED = Set.of("STRING_AGG", "LISTAGG");

  /** Their value depends on when the statement is run, not on the records. */
  private static final Set<String> CLOCKS =
      Set.of("CURRENT_DATE", "CURRENT_TIME", "CURRENT_TIMESTAMP", "LOCALTIME", "LOCALTIMESTAMP");

  /** The same as functions of other databases; a column may be called so. */
  private static final Set<String> OTHER_CLOCKS =
      Set.of(
          "NOW",
          "GETDATE",
          "SYSDATE",
          "SYSTIMESTAMP",
          "SYSDATETIME",
          "TODAY",
          "CURDATE",
          "CURTIME",
          "CLOCK_TIMESTAMP",
          "UTC_TIMESTAMP",
          "PROCTIME",
          "UNIX_TIMESTAMP");

  /** It depends on chance, or on who runs it. */
  private static final Set<String> CHANCE =
      Set.of(
          "CURRENT_USER",
          "SESSION_USER",
          "SYSTEM_USER",
          "USER",
          "CURRENT_ROLE",
          "CURRENT_PATH",
          "CURRENT_CATALOG",
          "CURRENT_SCHEMA",
          "RAND",
          "RANDOM",
          "RAND_INTEGER");

  private static final Set<String> OTHER_CHANCE =
      Set.of("UUID", "GEN_RANDOM_UUID", "GENERATE_UUID", "UUID_STRING", "NEWID");

  /** Names that have a message of their own; in upper case. */
  static final Set<String> NAMES =
      Stream.of(OTHER_AGGREGATES, WINDOW_FUNCTIONS, CLOCKS, OTHER_CLOCKS, CHANCE, OTHER_CHANCE)
          .flatMap(Set::stream)
          .collect(Collectors.toUnmodifiableSet());

  private final Problems problems;
  private final UserFunctions functions;
  private boolean unknownColumns;

  Unsupported(Problems problems, UserFunctions functions) {
    this.problems = problems;
    this.functions = functions;
  }

  /** What is said of a column that is not there, and is the time of day elsewhere. */
  static Optional<String> ofClock(String name) {
    String clock = name.toUpperCase(Locale.ROOT);
    return isClock(clock) ? Optional.of(notTheSame(clock)) : Optional.empty();
  }

  private static boolean isClock(String name) {
    return CLOCKS.contains(name) || OTHER_CLOCKS.contains(name);
  }

  private static String notTheSame(String name) {
    return "not supported: "
        + name
        + "; "
        + SAME_RESULT
        + (isClock(name) ? "use batch_start, batch_end, event_time or a column" : "use a column");
  }

  /** Whether this is a query at all. */
  static boolean isQuery(SqlNode node) {
    return node.isA(SqlKind.QUERY) && node.getKind() != SqlKind.VALUES;
  }

  /** Whether it reads what no validator can know, so that more complaints would be wrong. */
  boolean hasUnknownColumns() {
    return unknownColumns;
  }

  /** Checks a whole statement. */
  void statement(SqlNode node) {
    if (node instanceof SqlOrderBy order) {
      order.orderList.forEach(this::expression);
      wholeRows(order.fetch);
      wholeRows(order.offset);
      statement(order.query);
    } else if (node instanceof SqlWith with) {
      Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
      for (SqlNode named : with.withList) {
        var item = (SqlWithItem) named;
        if (item.recursive.booleanValue()) {
          refuse(item, "WITH RECURSIVE; write a JOIN for each level, or leave RECURSIVE out");
        }
        if (!names.add(item.name.getSimple())) {
          problems.add(
              item.name.getParserPosition(),
              "WITH has two of the name '" + item.name.getSimple() + "'; rename one");
        }
        statement(item.query);
      }
      statement(with.body);
    } else if (node instanceof SqlSelect select) {
      select(select);
    } else if (node instanceof SqlBasicCall call
        && call.getOperator() instanceof SqlSetOperator set) {
      if (set.isAll() && set.getKind() != SqlKind.UNION) {
        refuse(node, set.getName() + " (without ALL it is supported)");
      }
      call.getOperandList().forEach(this::statement);
    } else {
      problems.add(
          node.getParserPosition(), "not supported: " + name(node.getKind()) + "; write a SELECT");
    }
  }

  private void wholeRows(SqlNode rows) {
    if (rows instanceof SqlNumericLiteral number && !isWhole(number)) {
      problems.add(
          number.getParserPosition(),
          "LIMIT and OFFSET take a whole number of rows, such as LIMIT 10");
    }
  }

  private static boolean isWhole(SqlNumericLiteral number) {
    return number.isInteger() && number.bigDecimalValue().toBigInteger().bitLength() < Long.SIZE;
  }

  /** Checks a rule's condition. */
  void condition(SqlNode node) {
    node.accept(new OfOneRow());
    expression(node);
  }

  /** A rule is asked of each record alone. */
  private final class OfOneRow extends SqlBasicVisitor<Void> {
    @Override
    public Void visit(SqlCall call) {
      if (call.isA(SqlKind.QUERY)) {
        problems.add(
            call.getParserPosition(),
            "a rule looks at one record alone and has no subquery; a gate of 'require' looks at a"
                + " batch");
        return null;
      }
      if (call.getKind() == SqlKind.OVER) {
        problems.add(
            call.getParserPosition(),
            "a rule looks at one record alone and has no window; a gate of 'require' looks at a"
                + " batch");
        return null;
      }
      if (isAggregate(call)) {
        problems.add(
            call.getParserPosition(),
            "a rule looks at one record alone and has no aggregate; a gate of 'require' looks at a"
                + " batch");
        return null;
      }
      return super.visit(call);
    }
  }

  /** Whether it takes the rows of a group. */
  static boolean isAggregate(SqlCall call) {
    return call.getOperator().isAggregator() || AGGREGATES.contains(function(call));
  }

  private void select(SqlSelect select) {
    if (select.getFrom() == null) {
      refuse(
          select,
          "SELECT without FROM; a batch has the rows of its sources: write FROM and one of them");
    } else {
      from(select.getFrom());
    }
    select.getWindowList().forEach(this::expression);
    expression(select.getQualify());
    expression(select.getSelectList());
    expression(select.getWhere());
    expression(select.getHaving());
    if (select.getGroup() != null) {
      groupBy(select.getGroup());
    }
  }

  private void groupBy(SqlNodeList group) {
    new GroupWindows(problems).check(group);
    for (SqlNode item : group) {
      expression(item);
    }
  }

  private void from(SqlNode node) {
    switch (node.getKind()) {
      case IDENTIFIER -> {}
      case AS -> {
        SqlNode relation = ((SqlCall) node).operand(0);
        from(relation);
      }
      case SELECT, UNION, INTERSECT, EXCEPT, ORDER_BY, WITH -> statement(node);
      case JOIN -> {
        var join = (SqlJoin) node;
        if (join.isNatural()) {
          refuse(join, "NATURAL JOIN (a new column would change it; say ON or USING)");
        }
        if (join.getJoinType() == JoinType.ASOF || join.getJoinType() == JoinType.LEFT_ASOF) {
          refuse(join, "ASOF JOIN; write JOIN rates FOR SYSTEM_TIME AS OF o.event_time AS r ON …");
        }
        from(join.getLeft());
        if (isUnnest(join.getRight())) {
          joined(join);
        } else {
          from(join.getRight());
        }
        expression(join.getCondition());
      }
      case TABLE_REF -> from(((SqlCall) node).operand(0));
      case SNAPSHOT -> {} // see Snapshots
      case PIVOT -> refuse(node, "PIVOT; write SUM(x) FILTER (WHERE …) for each column");
      case UNPIVOT -> refuse(node, "UNPIVOT; write UNION ALL of a SELECT for each column");
      case LATERAL ->
          refuse(node, "LATERAL; write JOIN and a subquery with GROUP BY, or UNNEST(a)");
      case TABLESAMPLE -> refuse(node, "TABLESAMPLE; write WHERE with a condition on a column");
      case MATCH_RECOGNIZE -> refuse(node, "MATCH_RECOGNIZE; write LAG and LEAD");
      case COLLECTION_TABLE -> {
        unknownColumns = true;
        refuse(node, tableFunction(((SqlCall) node).operand(0)));
      }
      case UNNEST -> refuse(node, "UNNEST before the relation that has the array" + FORM);
      default -> refuse(node, name(node.getKind()) + " in FROM");
    }
  }

  private static String tableFunction(SqlCall call) {
    String function = function(call);
    String instead =
        switch (function) {
          case "TUMBLE", "SESSION" ->
              "; write GROUP BY …, " + function + "(t, INTERVAL '30' MINUTE)";
          case "HOP" -> GroupWindows.INSTEAD_OF_HOP;
          default -> "";
        };
    return "TABLE(" + function + "(…)) in FROM" + instead;
  }

  private static boolean isUnnest(SqlNode from) {
    SqlNode named = from.getKind() == SqlKind.AS ? ((SqlCall) from).operand(0) : from;
    return named.getKind() == SqlKind.UNNEST;
  }

  private void joined(SqlJoin join) {
    SqlNode right = join.getRight();
    SqlNode unnest = right.getKind() == SqlKind.AS ? ((SqlCall) right).operand(0) : right;
    List<SqlNode> arrays = ((SqlCall) unnest).getOperandList();
    SqlNode condition = join.getCondition();
    if (join.getJoinType() == JoinType.RIGHT || join.getJoinType() == JoinType.FULL) {
      refuse(unnest, join.getJoinType() + " JOIN UNNEST" + FORM);
    } else if (join.getJoinType() == JoinType.LEFT
        && !(condition instanceof SqlLiteral literal && Boolean.TRUE.equals(literal.getValue()))) {
      refuse(unnest, "LEFT JOIN UNNEST(…) ON a condition; write ON TRUE, and a CASE in SELECT");
    } else if (arrays.size() > 1) {
      refuse(unnest, "UNNEST of several arrays at once; write an UNNEST for each");
    } else if (arrays.get(0).isA(SqlKind.QUERY)) {
      refuse(unnest, "UNNEST of a subquery" + FORM);
    }
    arrays.forEach(this::expression);
  }

  private void expression(SqlNode node) {
    if (node != null) {
      node.accept(new Expressions());
    }
  }

  private void refuse(SqlNode node, String what) {
    refuse(node.getParserPosition(), what);
  }

  private void refuse(SqlParserPos position, String what) {
    problems.add(position, "not supported yet: " + what);
  }

  private static String name(SqlKind kind) {
    return kind.name().replace('_', ' ');
  }

  private static String function(SqlCall call) {
    return call.getOperator().getName().toUpperCase(Locale.ROOT);
  }

  private final class Expressions extends SqlBasicVisitor<Void> {
    /** Aggregates below a WITHIN GROUP. */
    private final Set<SqlNode> ordered = Collections.newSetFromMap(new IdentityHashMap<>());

    @Override
    public Void visit(SqlCall call) {
      String function = function(call);
      switch (call.getKind()) {
        case SELECT, UNION, INTERSECT, EXCEPT, WITH, ORDER_BY -> {
          statement(call);
          return null;
        }
        case FILTER -> {
          if (isPercentile(call.operand(0))) {
            refuse(call, "a percentile with FILTER; write ORDER BY CASE WHEN … THEN … END");
            return null;
          }
        }
        // The grammar reads these as parts of MATCH_RECOGNIZE, with an offset of their own.
        case FIRST, LAST -> {
          refuse(call, function + "; write " + function + "_VALUE(…)");
          return null;
        }
        case OVER -> {
          if (call.operand(0) instanceof SqlCall over) {
            if (functions.isAggregate(function(over))) {
              refuse(over, "an aggregate of your own in a window; aggregate in a subquery");
              return null;
            }
            WrongCalls.inWindow(over)
                .ifPresent(wrong -> problems.add(over.getParserPosition(), wrong));
          }
        }
        case WINDOW -> window((SqlWindow) call);
        case UNNEST -> {
          refuse(call, "UNNEST among expressions" + FORM);
          return null;
        }
        case WITHIN_GROUP -> ordered.add(call.operand(0));
        case WITHIN_DISTINCT, IGNORE_NULLS, RESPECT_NULLS -> {
          refuse(
              call, name(call.getKind()) + "; write FILTER (WHERE x IS NOT NULL), or a subquery");
          return null;
        }
        default -> {}
      }
      new LiteralArguments(problems).check(call);
      WrongCalls.of(call).ifPresent(wrong -> problems.add(call.getParserPosition(), wrong));
      if (function.startsWith("PERCENTILE_") && !ordered.contains(call)) {
        refuse(call, function + " without WITHIN GROUP (ORDER BY …)");
      }
      if (isClock(function) || CHANCE.contains(function) || OTHER_CHANCE.contains(function)) {
        problems.add(call.getParserPosition(), notTheSame(function));
      } else if (OTHER_AGGREGATES.contains(function)) {
        refuse(
            call,
            "the aggregate "
                + function.replaceFirst("_(NULL|ABSENT)_ON_NULL$", "")
                + "; write ARRAY_AGG or STRING_AGG");
      }
      if (call.getFunctionQuantifier() != null
          && call.getFunctionQuantifier().getValue() == SqlSelectKeyword.DISTINCT
          && (AggregateFunctions.COUNTING_EACH.contains(function)
              || functions.isAggregate(function))) {
        refuse(call, function + "(DISTINCT …); remove DISTINCT");
      }
      if (SEPARATED.contains(function) && call.operandCount() > 1) {
        SqlNode separator = call.operand(1);
        // One that changed from row to row would depend on which row comes last.
        if (!(separator instanceof SqlLiteral || separator instanceof SqlNodeList)) {
          refuse(separator, "a separator that is not a literal");
        }
      }
      return super.visit(call);
    }

    @Override
    public Void visit(SqlIdentifier identifier) {
      if (identifier.isSimple() && !identifier.isComponentQuoted(0)) {
        String name = identifier.getSimple().toUpperCase(Locale.ROOT);
        if (CLOCKS.contains(name) || CHANCE.contains(name)) {
          problems.add(identifier.getParserPosition(), notTheSame(name));
        }
      }
      return null;
    }

    private void window(SqlWindow window) {
      if (window.getExclude() != null && !SqlWindow.isExcludeNoOthers(window.getExclude())) {
        refuse(window.getExclude(), "EXCLUDE in a window; leave the row out with CASE");
      }
      WrongCalls.bound(window)
          .ifPresent(
              bound -> refuse(bound, "a window's distance that is no literal; write 3 PRECEDING"));
    }

    @Override
    public Void visit(SqlDataTypeSpec type) {
      if (WrongCalls.isTooPrecise(type)) {
        problems.add(
            type.getParserPosition(),
            "a DECIMAL(p, s) has s of its p digits behind the point, not more; write DECIMAL(9, 2)");
      }
      return null;
    }

    @Override
    public Void visit(SqlDynamicParam parameter) {
      refuse(parameter, "parameters (?); write the value, or ${env:NAME}");
      return null;
    }

    private boolean isPercentile(SqlNode aggregate) {
      // Calcite does not find the type of its order below a FILTER.
      return aggregate.getKind() == SqlKind.WITHIN_GROUP
          && ((SqlCall) aggregate).operand(0) instanceof SqlCall call
          && function(call).startsWith("PERCENTILE_");
    }
  }
}
