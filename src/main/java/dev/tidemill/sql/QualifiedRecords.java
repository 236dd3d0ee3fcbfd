package dev.tidemill.sql;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOrderBy;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.util.SqlShuttle;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Puts the name of its relation before a record's: {@code o.customer.city} for {@code
 * customer.city}. Calcite, as the standard, takes the latter for a column of a relation {@code
 * customer}, and so it is where there is one.
 */
final class QualifiedRecords extends SqlShuttle {
  private final Catalog catalog;
  private final Deque<Scope> scopes = new ArrayDeque<>();

  private QualifiedRecords(Catalog catalog) {
    this.catalog = catalog;
  }

  static SqlNode qualified(SqlNode statement, Catalog catalog) {
    return statement.accept(new QualifiedRecords(catalog));
  }

  /** What a FROM clause has. */
  private final class Scope {
    private final Set<String> names = new HashSet<>();

    /** By the record's column: the relation; empty if several have it. */
    private final Map<String, String> records = new HashMap<>();

    Scope(@Nullable SqlNode from) {
      if (from != null) {
        add(from);
      }
    }

    private void add(SqlNode from) {
      if (from instanceof SqlJoin join) {
        add(join.getLeft());
        add(join.getRight());
      } else if (from.getKind() == SqlKind.AS) {
        String name = ((SqlIdentifier) ((SqlCall) from).operand(1)).getSimple();
        add(name, ((SqlCall) from).operand(0));
      } else if (relation(from) instanceof SqlIdentifier id) {
        add(id.names.get(id.names.size() - 1), from);
      }
    }

    private void add(String name, SqlNode from) {
      names.add(folded(name));
      catalog
          .relation(relation(from))
          .ifPresent(
              relation ->
                  relation.rowType().getFieldList().stream()
                      .filter(field -> RowType.isRow(field.getType()))
                      .map(RelDataTypeField::getName)
                      .forEach(field -> records.merge(folded(field), name, (a, b) -> "")));
    }

    private SqlNode relation(SqlNode from) {
      return switch (from.getKind()) {
        case SNAPSHOT, TABLE_REF -> relation(((SqlCall) from).operand(0));
        default -> from;
      };
    }
  }

  private static String folded(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  @Override
  public @Nullable SqlNode visit(SqlIdentifier identifier) {
    if (identifier.isSimple()) {
      return identifier;
    }
    String first = folded(identifier.names.get(0));
    for (Scope scope : scopes) {
      if (scope.names.contains(first)) {
        return identifier;
      }
      String relation = scope.records.getOrDefault(first, "");
      if (!relation.isEmpty()) {
        return identifier.add(0, relation, identifier.getComponentParserPosition(0));
      }
    }
    return identifier;
  }

  @Override
  public @Nullable SqlNode visit(SqlCall call) {
    if (call instanceof SqlOrderBy order && order.query instanceof SqlSelect select) {
      SqlNode query = order.query.accept(this);
      SqlNode list = within(select, order.orderList);
      return new SqlOrderBy(
          order.getParserPosition(), query, (SqlNodeList) list, order.offset, order.fetch);
    }
    return call instanceof SqlSelect select ? within(select, select) : super.visit(call);
  }

  private SqlNode within(SqlSelect select, SqlNode node) {
    scopes.push(new Scope(select.getFrom()));
    try {
      return node instanceof SqlCall call ? super.visit(call) : node.accept(this);
    } finally {
      scopes.pop();
    }
  }
}
