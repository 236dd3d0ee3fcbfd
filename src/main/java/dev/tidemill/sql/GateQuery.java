package dev.tidemill.sql;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlSelect;

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
    SqlNode written = Syntax.statement(statement);
    check(written);
    Query query =
        QueryCompiler.compile(
            statement.stripTrailing() + ONE_GROUP,
            Map.of(GateText.RESULT, nullable(result)),
            Map.of(),
            EventTimes.NONE,
            PseudoColumns.NONE,
            UserFunctions.NONE);
    if (query.aggregation().isEmpty() || query.branches().size() != 1) {
      throw noAggregate(written);
    }
    if (query.branches().get(0).expansion(TableAccess.NONE, RowContext.NONE).isPresent()) {
      var problems = new Problems();
      problems.add(
          written.getParserPosition(),
          "a gate's statement looks at rows of the result, not at elements of their arrays; remove"
              + " UNNEST");
      throw problems.exception();
    }
    return new GateQuery(
        GateText.line(text),
        query,
        output,
        ((SqlSelect) written).getWhere() != null,
        fingerprint(statement.strip() + result + (output.first() == 0 ? "" : output.name())));
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
    if (select.getSelectList().get(0).getKind() == SqlKind.LITERAL) {
      throw noAggregate(written);
    }
  }

  private static SqlException noAggregate(SqlNode at) {
    var problems = new Problems();
    problems.add(
        at.getParserPosition(),
        "a gate's statement has one value for the whole batch; use COUNT, SUM, MIN, MAX or AVG");
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
