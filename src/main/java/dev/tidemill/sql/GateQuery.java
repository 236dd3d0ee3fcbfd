package dev.tidemill.sql;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.util.SqlBasicVisitor;

/**
 * A statement of a gate over the batch's result, with one value: {@code SELECT COUNT(*) FROM result
 * WHERE …}. It is aggregated where the rows are, share by share. Immutable and thread-safe.
 */
public final class GateQuery {

  /**
   * There is one group: what is grouped by is the same for every row. So the statement is run as
   * any other is, but has a value without rows, too.
   */
  private static final String ONE_GROUP = " GROUP BY TRUE";

  private static final String NO_AGGREGATE =
      "a gate's statement has one value for the whole batch; use COUNT, SUM, MIN, MAX or AVG";

  private static final Object[] GROUP = {Boolean.TRUE};

  private final String text;
  private final Query query;
  private final Output output;
  private final boolean choosesRows;
  private final long fingerprint;

  private GateQuery(
      String text, Query query, Output output, boolean choosesRows, long fingerprint) {
    this.text = text;
    this.query = query;
    this.output = output;
    this.choosesRows = choosesRows;
    this.fingerprint = fingerprint;
  }

  /**
   * @param text of which everything but the statement is blank
   * @param output the rows of which it is asked
   */
  static GateQuery compile(String text, Output output) throws SqlException {
    Schema result = output.schema();
    String statement = GateText.forStatement(text);
    SqlNode written = check(text);
    Query query = query(statement.stripTrailing() + ONE_GROUP, result);
    if (query.aggregation().isEmpty() || query.branches().size() != 1) {
      throw noAggregate(written);
    }
    return new GateQuery(
        GateText.line(text),
        query,
        output,
        ((SqlSelect) written).getWhere() != null,
        fingerprint(statement.strip() + result + (output.first() == 0 ? "" : output.name())));
  }

  private static Query query(String statement, Schema result) throws SqlException {
    try {
      return QueryCompiler.compile(
          statement,
          Map.of(GateText.RESULT, nullable(result)),
          Map.of(),
          EventTimes.NONE,
          PseudoColumns.NONE,
          UserFunctions.NONE);
    } catch (SqlException e) {
      var problems = new Problems();
      for (SqlException.Problem problem : e.problems()) {
        problems.add(
            new SqlParserPos(problem.line(), problem.column()),
            Complaints.isAboutGroups(problem.message()) ? NO_AGGREGATE : problem.message());
      }
      throw problems.exception();
    }
  }

  /**
   * Checks what can be checked without knowing the result.
   *
   * @param text as that of {@link #compile}
   * @return the statement
   */
  static SqlNode check(String text) throws SqlException {
    SqlNode written = Syntax.statement(GateText.forStatement(text));
    var problems = new Problems();
    if (written instanceof SqlSelect) {
      written.accept(new OnceOverResult(problems));
    }
    if (problems.isEmpty()) {
      check(written);
      new Unsupported(problems, UserFunctions.NONE).statement(written);
    }
    problems.throwIfAny();
    return written;
  }

  /** It reads the result, and nothing else, once. */
  private static final class OnceOverResult extends SqlBasicVisitor<Void> {
    private final Problems problems;
    private boolean inside;

    OnceOverResult(Problems problems) {
      this.problems = problems;
    }

    @Override
    public Void visit(SqlCall call) {
      if (call instanceof SqlSelect select && !inside) {
        inside = true;
        from(select.getFrom());
        refuse(select.getQualify(), "QUALIFY");
        return super.visit(call);
      }
      if (call.isA(SqlKind.QUERY) && inside) {
        refuse(call, "subquery");
        return null;
      }
      if (call.getKind() == SqlKind.OVER) {
        refuse(call, "window");
        return null;
      }
      return super.visit(call);
    }

    private void from(SqlNode from) {
      SqlNode read =
          from != null && from.getKind() == SqlKind.AS ? ((SqlCall) from).operand(0) : from;
      if (read instanceof SqlIdentifier name) {
        if (!name.toString().equalsIgnoreCase(GateText.RESULT)) {
          problems.add(
              name.getParserPosition(),
              "there is no source '" + name + "'; a gate reads '" + GateText.RESULT + "'");
        }
      } else if (read instanceof SqlJoin join && isUnnest(join.getRight())) {
        problems.add(
            join.getRight().getParserPosition(),
            "a gate's statement looks at rows of the result, not at elements of their arrays;"
                + " remove UNNEST");
      } else if (read instanceof SqlJoin join) {
        refuse(join.getRight(), "join");
      }
    }

    private static boolean isUnnest(SqlNode from) {
      return from.getKind() == SqlKind.UNNEST
          || from.getKind() == SqlKind.AS && isUnnest(((SqlCall) from).operand(0));
    }

    private void refuse(SqlNode node, String what) {
      SqlParserPos at = node == null ? SqlParserPos.ZERO : node.getParserPosition();
      if (node != null && !problems.areAt(at.getLineNum(), at.getColumnNum())) {
        problems.add(
            at,
            "a gate's statement reads the rows of the result once and has no "
                + what
                + "; compute it in the statement of 'sql' or of another of 'queries'");
      }
    }
  }

  private static void check(SqlNode written) throws SqlException {
    var problems = new Problems();
    if (!(written instanceof SqlSelect select)) {
      problems.add(
          written.getParserPosition(),
          "a gate's statement must be one SELECT of one value, such as SELECT COUNT(*) FROM result"
              + " WHERE …");
      throw problems.exception();
    }
    if (select.getSelectList().size() != 1) {
      problems.add(
          select.getSelectList().get(1).getParserPosition(),
          "a gate's statement has one value; write a gate for each");
    }
    if (select.getGroup() != null) {
      problems.add(
          select.getGroup().getParserPosition(),
          "a gate's statement has one value for the whole batch; remove GROUP BY");
    }
    if (select.getHaving() != null) {
      problems.add(
          select.getHaving().getParserPosition(),
          "a gate's statement always has a value; remove HAVING");
    }
    problems.throwIfAny();
    if (select.isDistinct() || select.getSelectList().get(0).getKind() == SqlKind.LITERAL) {
      throw noAggregate(written);
    }
  }

  private static SqlException noAggregate(SqlNode at) {
    var problems = new Problems();
    problems.add(at.getParserPosition(), NO_AGGREGATE);
    return problems.exception();
  }

  /** An aggregate of no rows is NULL whatever its column may be. */
  private static Schema nullable(Schema result) {
    List<Schema.Field> fields = new ArrayList<>();
    for (Schema.Field field : result.getFields()) {
      fields.add(new Schema.Field(field.name(), nullableType(field.schema()), null, (Object) null));
    }
    return Schema.createRecord(result.getName(), null, result.getNamespace(), false, fields);
  }

  private static Schema nullableType(Schema type) {
    return type.isNullable() ? type : Schema.createUnion(Schema.create(Schema.Type.NULL), type);
  }

  private static long fingerprint(String of) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(of.getBytes(StandardCharsets.UTF_8));
      return ByteBuffer.wrap(hash).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** As it was written, on one line. */
  String text() {
    return text;
  }

  /** Whether it has a WHERE, so that its rows say more than their number. */
  boolean choosesRows() {
    return choosesRows;
  }

  /** Of the statement and what it reads: another one's counts can not be taken for its own. */
  long fingerprint() {
    return fingerprint;
  }

  /** A new operator, for one task: from rows of the result to what is aggregated, or null. */
  RowOperator operator() {
    RowOperator own = query.branches().get(0).operator();
    return row -> output.has(row) ? own.apply(output.of(row)) : null;
  }

  Accumulators create() {
    return query.aggregation().orElseThrow().create();
  }

  Accumulators decode(byte[] bytes) {
    return query.aggregation().orElseThrow().decode(bytes);
  }

  /** The statement's value; null is NULL. */
  Object value(Accumulators all) throws EvaluationException {
    Aggregation aggregation = query.aggregation().orElseThrow();
    return query.finish().apply(aggregation.row(aggregation.keyOf(GROUP), all))[0];
  }

  /** The type of the value. */
  Schema type() {
    return nullableType(query.resultSchema().getFields().get(0).schema());
  }
}
