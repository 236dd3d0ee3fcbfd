package dev.tidemill.sql;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.plan.Convention;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelWriter;
import org.apache.calcite.rel.SingleRel;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;

/**
 * For each row of its input one for each element of an array in it: the row, the element, and if
 * asked for its number, from 1. Calcite has a correlated join for that, which no rule of it can
 * take apart; see {@link Unnesting}.
 */
final class Unnest extends SingleRel {
  private final int array;
  private final List<RelDataTypeField> added;
  private final boolean outer;

  /**
   * @param array the input's column
   * @param added the element's column, or one for each of its fields if it is a record; and perhaps
   *     the number's
   * @param outer whether a row stays, with NULL, whose array is NULL or empty
   */
  Unnest(RelNode input, int array, List<RelDataTypeField> added, boolean outer) {
    this(input.getCluster(), input, array, added, outer);
  }

  private Unnest(
      RelOptCluster cluster,
      RelNode input,
      int array,
      List<RelDataTypeField> added,
      boolean outer) {
    super(cluster, cluster.traitSetOf(Convention.NONE), input);
    this.array = array;
    this.added = List.copyOf(added);
    this.outer = outer;
  }

  /**
   * What is added to a row for an element.
   *
   * @param width how many columns
   * @param isRecord whether the fields of the element instead of it
   * @param isNumbered whether the last one is its number
   */
  record Form(int width, boolean isRecord, boolean isNumbered) {}

  Form form() {
    RelDataType element = input.getRowType().getFieldList().get(array).getType().getComponentType();
    int fields = RowType.isRow(element) ? element.getFieldCount() : 1;
    return new Form(added.size(), RowType.isRow(element), added.size() > fields);
  }

  int array() {
    return array;
  }

  /** How many columns it adds: the element or its fields, and perhaps its number. */
  int width() {
    return added.size();
  }

  boolean isOuter() {
    return outer;
  }

  /** The same over another input, in which the array stands elsewhere. */
  Unnest over(RelNode other, int place) {
    return new Unnest(other, place, added, outer);
  }

  @Override
  public RelNode copy(RelTraitSet traits, List<RelNode> inputs) {
    return over(inputs.get(0), array);
  }

  @Override
  protected RelDataType deriveRowType() {
    var columns = new ArrayList<>(input.getRowType().getFieldList());
    columns.addAll(added);
    return getCluster().getTypeFactory().builder().addAll(columns).uniquify().build();
  }

  /** What tells it from others to Calcite. */
  @Override
  public RelWriter explainTerms(RelWriter writer) {
    return super.explainTerms(writer)
        .item("array", array)
        .item("added", added.toString())
        .item("outer", outer);
  }
}
