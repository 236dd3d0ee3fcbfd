package dev.tidemill.sql;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.avro.Schema;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlWithItem;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeFamily;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.apache.calcite.sql.util.SqlShuttle;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The pseudo-columns that a statement uses. Relations have only these, so that they are in nobody's
 * way. A field of the same name wins: for those of records in its own source, for the constants of
 * the batch and for {@code headers} in the whole statement.
 */
final class PseudoColumns {
  static final PseudoColumns NONE = new PseudoColumns();

  private static final String HEADERS = "headers";

  /** No name of a field begins so. */
  private static final String HEADER_COLUMN = HEADERS + " ";

  /**
   * A column of streams that {@code SELECT *} leaves out.
   *
   * @param argument of the call that it stands for
   */
  record Hidden(PseudoColumn column, Optional<String> argument) {}

  private final Set<String> constants = new TreeSet<>();
  private final Map<String, Hidden> hidden = new LinkedHashMap<>();
  private final boolean headers;

  private PseudoColumns() {
    this.headers = false;
  }

  private PseudoColumns(Collection<SqlNode> written, Collection<Schema> sources) {
    var fields = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    sources.forEach(s -> s.getFields().forEach(field -> fields.add(field.name())));
    PseudoColumn.CONSTANTS.stream()
        .map(PseudoColumn::columnName)
        .filter(name -> !fields.contains(name))
        .forEach(constants::add);
    headers = !fields.contains(HEADERS);
    written.forEach(statement -> statement.accept(new Uses()));
  }

  static PseudoColumns of(SqlNode written, Collection<Schema> sources) {
    return of(List.of(written), sources);
  }

  /** Those that some of several statements use. */
  static PseudoColumns of(Collection<SqlNode> written, Collection<Schema> sources) {
    return new PseudoColumns(written, sources);
  }

  /** By the names of the columns. */
  Map<String, Hidden> hidden() {
    return hidden;
  }

  /** What can be called. */
  List<SqlOperator> operators() {
    return PseudoColumn.CONSTANTS.stream()
        .filter(c -> constants.contains(c.columnName()))
        .map(PseudoColumn::operator)
        .toList();
  }

  /** Names that a statement could use. */
  List<String> known() {
    return this == NONE ? List.of() : PseudoColumn.names().toList();
  }

  boolean isConstant(String name) {
    return constants.contains(name.toLowerCase(Locale.ROOT));
  }

  /** With a column in the place of each {@code headers['name']}. */
  SqlNode rewritten(SqlNode written) {
    return headers ? written.accept(new Headers()) : written;
  }

  /** Whether this is one of the columns that stand for a header. */
  static boolean isHeader(String column) {
    return column.startsWith(HEADER_COLUMN);
  }

  static boolean isHeaders(String name) {
    return name.equalsIgnoreCase(HEADERS);
  }

  private static Optional<String> header(SqlNode node) {
    return node.getKind() == SqlKind.ITEM
            && ((SqlCall) node).operand(0) instanceof SqlIdentifier id
            && isHeaders(id.names.get(id.names.size() - 1))
            && ((SqlCall) node).operand(1) instanceof SqlLiteral name
            && name.getTypeName().getFamily() == SqlTypeFamily.CHARACTER
        ? Optional.of(name.getValueAs(String.class))
        : Optional.empty();
  }

  /** Names of headers differ by case, and those of columns do not. */
  private static String columnOf(String header) {
    return HEADER_COLUMN + HexFormat.of().formatHex(header.getBytes(StandardCharsets.UTF_8));
  }

  /** Finds uses; too many do no harm. */
  private final class Uses extends SqlBasicVisitor<Void> {
    @Override
    public Void visit(SqlIdentifier identifier) {
      String name = identifier.names.get(identifier.names.size() - 1);
      PseudoColumn.OF_RECORDS.stream()
          .filter(column -> column.columnName().equalsIgnoreCase(name))
          .forEach(column -> hidden.put(column.columnName(), new Hidden(column, Optional.empty())));
      return null;
    }

    @Override
    public Void visit(SqlCall call) {
      header(call)
          .filter(name -> headers)
          .ifPresent(
              name ->
                  hidden.put(columnOf(name), new Hidden(PseudoColumn.HEADER, Optional.of(name))));
      return super.visit(call);
    }
  }

  private static final class Headers extends SqlShuttle {
    @Override
    public @Nullable SqlNode visit(SqlCall call) {
      Optional<String> header = header(call);
      if (header.isEmpty()) {
        return super.visit(call);
      }
      var names = new ArrayList<>(((SqlIdentifier) call.operand(0)).names);
      names.set(names.size() - 1, columnOf(header.get()));
      return new SqlIdentifier(names, call.getParserPosition());
    }
  }

  /** Finds what would make a name mean two things. */
  void check(SqlNode written, Problems problems) {
    var check = new Check(problems);
    written.accept(check);
    if (check.using && check.star.isPresent() && !hidden.isEmpty()) {
      problems.add(
          check.star.get(),
          "not supported yet: * over a join with USING, in a statement with "
              + PseudoColumn.names().filter(hidden::containsKey).findFirst().orElse(HEADERS)
              + "; write the columns, or ON");
    }
  }

  private final class Check extends SqlBasicVisitor<Void> {
    private final Problems problems;
    private boolean using;
    private Optional<SqlParserPos> star = Optional.empty();

    Check(Problems problems) {
      this.problems = problems;
    }

    @Override
    public Void visit(SqlIdentifier identifier) {
      if (identifier.isStar() && star.isEmpty()) {
        star = Optional.of(identifier.getParserPosition());
      }
      return null;
    }

    @Override
    public Void visit(SqlCall call) {
      if (call.getKind() == SqlKind.AS) {
        SqlNode named = call.operand(0);
        for (SqlNode name : call.getOperandList().subList(1, call.operandCount())) {
          boolean itself =
              named instanceof SqlIdentifier id
                  && name instanceof SqlIdentifier same
                  && id.names.get(id.names.size() - 1).equalsIgnoreCase(same.getSimple());
          if (!itself) {
            refuse(name);
          }
        }
      } else if (call instanceof SqlWithItem item && item.columnList != null) {
        item.columnList.forEach(this::refuse);
      } else if (call instanceof SqlJoin join && join.getCondition() instanceof SqlNodeList) {
        using = true;
      }
      return super.visit(call);
    }

    private void refuse(SqlNode name) {
      if (name instanceof SqlIdentifier id && id.isSimple() && isConstant(id.getSimple())) {
        problems.add(
            id.getParserPosition(),
            "'"
                + id.getSimple()
                + "' is the batch's own wherever it stands, and every target has it; give this"
                + " another name");
      }
    }
  }
}
