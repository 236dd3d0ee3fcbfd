package dev.tidemill.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.util.SqlBasicVisitor;

/** The names in a statement, and those that it gives. */
final class WrittenNames extends SqlBasicVisitor<Void> {
  private final List<SqlIdentifier> all = new ArrayList<>();
  private final Set<String> columns = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
  private final Map<String, String> relations = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

  static WrittenNames of(SqlNode written) {
    var names = new WrittenNames();
    written.accept(names);
    return names;
  }

  /** Whether a SELECT calls one of its columns so. */
  boolean isColumnOfResult(String name) {
    return columns.contains(name);
  }

  /** By which name FROM makes this source known; empty if it does not rename it. */
  Optional<String> aliasOf(String source) {
    return relations.entrySet().stream()
        .filter(e -> e.getValue().equalsIgnoreCase(source) && !e.getKey().equalsIgnoreCase(source))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /** The sources in FROM by the names that they have there. */
  Map<String, String> relations() {
    return relations;
  }

  /** The name that stands here, or of which a part stands here. */
  Optional<SqlIdentifier> at(SqlParserPos place) {
    return all.stream().filter(name -> part(name, place) >= 0).findFirst();
  }

  boolean isQuoted(SqlParserPos place) {
    return at(place).filter(name -> name.isComponentQuoted(part(name, place))).isPresent();
  }

  private static int part(SqlIdentifier name, SqlParserPos place) {
    for (int i = 0; i < name.names.size(); i++) {
      SqlParserPos at = name.getComponentParserPosition(i);
      if (at.getLineNum() == place.getLineNum() && at.getColumnNum() == place.getColumnNum()) {
        return i;
      }
    }
    return -1;
  }

  @Override
  public Void visit(SqlIdentifier name) {
    all.add(name);
    return null;
  }

  @Override
  public Void visit(SqlCall call) {
    if (call instanceof SqlSelect select) {
      for (SqlNode item : select.getSelectList()) {
        if (item.getKind() == SqlKind.AS
            && ((SqlCall) item).operand(1) instanceof SqlIdentifier as) {
          columns.add(as.getSimple());
        }
      }
      from(select.getFrom());
    }
    return super.visit(call);
  }

  private void from(SqlNode from) {
    if (from instanceof SqlJoin join) {
      from(join.getLeft());
      from(join.getRight());
    } else if (from instanceof SqlIdentifier source) {
      relations.put(last(source), last(source));
    } else if (from != null
        && from.getKind() == SqlKind.AS
        && ((SqlCall) from).operand(1) instanceof SqlIdentifier as) {
      relations.put(
          as.getSimple(),
          ((SqlCall) from).operand(0) instanceof SqlIdentifier source ? last(source) : "");
    }
  }

  private static String last(SqlIdentifier name) {
    return name.names.get(name.names.size() - 1);
  }
}
