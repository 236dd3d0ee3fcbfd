package dev.tidemill.sql;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexVisitorImpl;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlGroupedWindowFunction;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlIntervalLiteral;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.fun.SqlCase;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.parser.SqlParserUtil;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.apache.calcite.sql.util.SqlShuttle;
import org.apache.calcite.sql.validate.SqlValidator;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * TUMBLE and SESSION in GROUP BY, with their _START and _END. Calcite finds out whether those
 * belong to one that is there; the rest is checked here. {@link Sessions} plans them.
 */
final class GroupWindows {
  static final String INSTEAD_OF_HOP =
      "; write FROM orders AS o, UNNEST(ARRAY[DATE_TRUNC('hour', o.t), DATE_TRUNC('hour', o.t) -"
          + " INTERVAL '1' HOUR]) AS w (hours_from), and GROUP BY w.hours_from";

  private static final String HOP =
      "not supported yet: HOP, which has each row in several groups" + INSTEAD_OF_HOP;

  private static final Set<SqlKind> SETS =
      Set.of(SqlKind.ROLLUP, SqlKind.CUBE, SqlKind.GROUPING_SETS);

  private final Problems problems;

  GroupWindows(Problems problems) {
    this.problems = problems;
  }

  /**
   * SESSION_END(t, gap) as what it is in its group: MAX(t) + gap. SESSION_START stands there so
   * that it is only right where its SESSION is. (Calcite's own would be the same as the start.)
   */
  static SqlNode sessionEnd(SqlCall call) {
    if (call.operandCount() != 2) {
      return call; // which is told
    }
    SqlParserPos at = call.getParserPosition();
    SqlNode start =
        SqlStdOperatorTable.SESSION_START.createCall(
            at, copy(call.operand(0)), copy(call.operand(1)));
    SqlNode last = SqlStdOperatorTable.MAX.createCall(at, List.of(call.operand(0)));
    return new SqlCase(
        at,
        null,
        SqlNodeList.of(SqlStdOperatorTable.IS_NULL.createCall(at, start)),
        SqlNodeList.of(SqlLiteral.createNull(at)),
        SqlStdOperatorTable.PLUS.createCall(at, last, call.operand(1)));
  }

  /** Validation changes trees, so each part has to be in one place only. */
  private static SqlNode copy(SqlNode node) {
    return node.accept(
        new SqlShuttle() {
          @Override
          public @Nullable SqlNode visit(SqlCall call) {
            var copy = new CallCopyingArgHandler(call, true);
            call.getOperator().acceptCall(this, call, false, copy);
            return copy.result();
          }

          @Override
          public @Nullable SqlNode visit(SqlIdentifier identifier) {
            return identifier.clone(identifier.getParserPosition());
          }
        });
  }

  /** Checks a GROUP BY as it was written. */
  void check(SqlNodeList group) {
    boolean sets = group.stream().anyMatch(item -> SETS.contains(item.getKind()));
    Set<String> found = new HashSet<>();
    for (SqlNode item : group) {
      if (isWindow(item)) {
        check((SqlCall) item, sets, found);
      } else {
        item.accept(
            new SqlBasicVisitor<Void>() {
              @Override
              public Void visit(SqlCall call) {
                if (isWindow(call)) {
                  problems.add(
                      call.getParserPosition(), sets ? withSets(name(call)) : alone(name(call)));
                }
                return super.visit(call);
              }
            });
      }
    }
  }

  private void check(SqlCall window, boolean sets, Set<String> found) {
    String name = name(window);
    SqlParserPos at = window.getParserPosition();
    if (name.equals("HOP")) {
      problems.add(at, HOP);
    } else if (sets) {
      problems.add(at, withSets(name));
    } else if (!found.add(name)) {
      problems.add(
          at, "not supported yet: " + name + " twice in a GROUP BY; write a SELECT for each");
    } else if (window.operandCount() != 2 || !isLength(window.operand(1))) {
      problems.add(at, arguments(name));
    }
  }

  private static boolean isLength(SqlNode node) {
    if (!(node instanceof SqlIntervalLiteral literal)
        || !(literal.getValue() instanceof SqlIntervalLiteral.IntervalValue value)
        || value.getIntervalQualifier().isYearMonth()) {
      return false;
    }
    try {
      return value.getSign() * SqlParserUtil.intervalToMillis(value) > 0;
    } catch (RuntimeException e) {
      return true; // its form is wrong, which is told
    }
  }

  private static String withSets(String name) {
    return "not supported yet: "
        + name
        + " with ROLLUP, CUBE or GROUPING SETS; write a UNION ALL of SELECTs";
  }

  private static String alone(String name) {
    return name
        + " stands in GROUP BY, as an item of its own; elsewhere write "
        + name
        + "_START or "
        + name
        + "_END";
  }

  private static String arguments(String name) {
    return name
        + " takes a TIMESTAMP and a positive interval of days, hours, minutes or seconds: "
        + name
        + "(t, INTERVAL '30' MINUTE)";
  }

  /** Of a message of Calcite's about one. */
  static String say(String window, String message) {
    if (window.equals("HOP")) {
      return HOP;
    }
    if (message.contains("must have matching call")) {
      return ofGroup(window);
    }
    return message.contains("can only appear in") ? alone(window) : arguments(window);
  }

  private static String ofGroup(String window) {
    return window
        + "_START and "
        + window
        + "_END stand in SELECT, HAVING or ORDER BY, where GROUP BY has a "
        + window
        + " with the same arguments";
  }

  /**
   * Tells what of an expression is not where it belongs.
   *
   * @return whether there is anything
   */
  static boolean complain(RexNode expression, Problems problems) {
    var misplaced = new ArrayList<RexCall>();
    expression.accept(
        new RexVisitorImpl<Void>(true) {
          @Override
          public Void visitCall(RexCall call) {
            if (call.getOperator() instanceof SqlGroupedWindowFunction) {
              misplaced.add(call);
            }
            return super.visitCall(call);
          }
        });
    for (RexCall call : misplaced) {
      var function = (SqlGroupedWindowFunction) call.getOperator();
      String name = function.getName().replace("$", "");
      problems.add(
          call.getParserPosition(),
          function.isGroup() ? alone(name) : ofGroup(name.replaceAll("_.*", "")));
    }
    return !misplaced.isEmpty();
  }

  private static boolean isWindow(SqlNode node) {
    return node instanceof SqlCall call
        && call.getOperator() instanceof SqlGroupedWindowFunction function
        && function.isGroup();
  }

  /** The grammar's own names begin with a $. */
  private static String name(SqlCall window) {
    return window.getOperator().getName().replace("$", "");
  }

  /** Checks the types of what was validated. */
  void check(SqlNode statement, SqlValidator validator) {
    statement.accept(
        new SqlBasicVisitor<Void>() {
          @Override
          public Void visit(SqlCall call) {
            if (isWindow(call)) {
              var type = validator.getValidatedNodeTypeIfKnown(call.operand(0));
              if (type != null && type.getSqlTypeName() != SqlTypeName.TIMESTAMP) {
                problems.add(call.getParserPosition(), arguments(name(call)));
              }
            }
            return super.visit(call);
          }
        });
  }
}
