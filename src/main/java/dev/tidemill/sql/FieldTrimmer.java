package dev.tidemill.sql;

import java.util.Set;
import java.util.stream.IntStream;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.sql2rel.RelFieldTrimmer;
import org.apache.calcite.tools.RelBuilder;
import org.apache.calcite.util.ImmutableBitSet;
import org.apache.calcite.util.mapping.IntPair;
import org.apache.calcite.util.mapping.Mapping;
import org.apache.calcite.util.mapping.MappingType;
import org.apache.calcite.util.mapping.Mappings;

/**
 * Leaves out columns that nobody needs, also those under an {@link Unnest}: rows that are held
 * would have the whole array beside each of its elements. Public only because Calcite calls it by
 * reflection; not for use.
 */
public final class FieldTrimmer extends RelFieldTrimmer {
  private final RelBuilder builder;

  FieldTrimmer(RelBuilder builder) {
    super(null, builder);
    this.builder = builder;
  }

  @Override
  public TrimResult trimFields(
      RelNode node, ImmutableBitSet used, Set<RelDataTypeField> extraFields) {
    return node instanceof Unnest unnest
        ? trimmed(unnest, used, extraFields)
        : super.trimFields(node, used, extraFields);
  }

  /**
   * What is below a condition that is never true stays as it is: a builder would put a relation
   * without rows in its place, and then no stream would be read.
   */
  @Override
  public TrimResult trimFields(
      Filter filter, ImmutableBitSet used, Set<RelDataTypeField> extraFields) {
    return filter.getCondition().isAlwaysFalse()
        ? result(filter, Mappings.createIdentity(filter.getRowType().getFieldCount()))
        : super.trimFields(filter, used, extraFields);
  }

  private TrimResult trimmed(
      Unnest unnest, ImmutableBitSet used, Set<RelDataTypeField> extraFields) {
    int width = unnest.getInput().getRowType().getFieldCount();
    ImmutableBitSet below =
        used.intersect(ImmutableBitSet.range(width)).union(ImmutableBitSet.of(unnest.array()));
    TrimResult input = trimChild(unnest, unnest.getInput(), below, extraFields);
    RelNode same = unnest.over(input.left, input.right.getTarget(unnest.array()));
    int widthAfter = input.left.getRowType().getFieldCount();
    int[] targets = IntStream.range(0, width + unnest.width()).map(i -> -1).toArray();
    for (IntPair column : input.right) {
      targets[column.source] = column.target;
    }
    for (int i = 0; i < unnest.width(); i++) {
      targets[width + i] = widthAfter + i;
    }
    if (!used.get(unnest.array())) {
      int gone = targets[unnest.array()];
      builder.push(same);
      builder.project(
          IntStream.range(0, widthAfter + unnest.width())
              .filter(i -> i != gone)
              .mapToObj(builder::field)
              .toList());
      same = builder.build();
      targets = IntStream.of(targets).map(i -> i == gone ? -1 : i > gone ? i - 1 : i).toArray();
    }
    Mapping mapping =
        Mappings.create(
            MappingType.INVERSE_SURJECTION, targets.length, same.getRowType().getFieldCount());
    for (int i = 0; i < targets.length; i++) {
      if (targets[i] >= 0) {
        mapping.set(i, targets[i]);
      }
    }
    return result(same, mapping);
  }
}
