package dev.tidemill.sql;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.calcite.config.CalciteConnectionConfigImpl;
import org.apache.calcite.config.CalciteConnectionProperty;
import org.apache.calcite.jdbc.CalciteSchema;
import org.apache.calcite.plan.ConventionTraitDef;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.volcano.VolcanoPlanner;
import org.apache.calcite.prepare.CalciteCatalogReader;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperatorTable;
import org.apache.calcite.sql.util.SqlOperatorTables;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql2rel.SqlToRelConverter;

/** The relations that a statement may read, and Calcite set up to our rules for them. */
final class Catalog {
  static final SqlOperatorTable OPERATORS = Library.operators();

  /** A column of every type, which stands for unknown names while we look for more problems. */
  static final String UNKNOWN = "?";

  private final Types types = new Types();
  private final PseudoColumns pseudo;
  private final UserFunctions functions;
  private final SqlOperatorTable operators;
  private final Map<String, Relation> relations = new LinkedHashMap<>();
  private final EventTimes times;
  private final List<View> views = new ArrayList<>();
  private CalciteCatalogReader reader;
  private CalciteCatalogReader diagnosing;

  /**
   * @param tables which of the sources are tables
   */
  Catalog(
      Map<String, Schema> sources,
      Set<String> tables,
      EventTimes times,
      PseudoColumns pseudo,
      UserFunctions functions) {
    this.times = times;
    this.pseudo = pseudo;
    this.functions = functions;
    operators =
        SqlOperatorTables.chain(
            OPERATORS,
            SqlOperatorTables.of(pseudo.operators()),
            SqlOperatorTables.of(functions.operators()));
    sources.forEach(
        (name, schema) ->
            relations.put(name, new Relation(name, schema, tables.contains(name), types, pseudo)));
    refresh();
  }

  /** From now on statements can read it. */
  void add(View view) {
    views.add(view);
    refresh();
  }

  private void refresh() {
    reader = reader(List.copyOf(relations.values()), views);
    diagnosing =
        reader(
            relations.values().stream().map(r -> r.with(UNKNOWN, types)).toList(),
            views.stream().map(view -> view.with(UNKNOWN, types)).toList());
  }

  private CalciteCatalogReader reader(List<Relation> tables, List<View> others) {
    var root = CalciteSchema.createRootSchema(false, false);
    for (Relation table : tables) {
      root.add(table.name(), table);
      if (times.versioned().containsKey(table.name())) {
        root.add(asOf(table.name()), table.asOf());
      }
    }
    others.forEach(view -> root.add(view.name(), view));
    var settings = new Properties();
    settings.setProperty(CalciteConnectionProperty.CASE_SENSITIVE.camelName(), "false");
    return new CalciteCatalogReader(
        root, List.of(), types, new CalciteConnectionConfigImpl(settings));
  }

  Types types() {
    return types;
  }

  PseudoColumns pseudo() {
    return pseudo;
  }

  UserFunctions functions() {
    return functions;
  }

  Map<String, Relation> relations() {
    return relations;
  }

  /** The results of other statements. */
  List<View> views() {
    return List.copyOf(views);
  }

  /** The one that a FROM clause names, if it does. */
  Optional<Relation> relation(SqlNode from) {
    return from instanceof SqlIdentifier name && name.isSimple()
        ? relations.values().stream()
            .filter(relation -> relation.name().equalsIgnoreCase(name.getSimple()))
            .findFirst()
        : Optional.empty();
  }

  EventTimes times() {
    return times;
  }

  /** What a table as it was is called here; no source has a name with spaces. */
  static String asOf(String table) {
    return table + " FOR SYSTEM_TIME";
  }

  /** A validator is good for one statement only. */
  SqlValidator validator() {
    return validator(reader);
  }

  /** One for which every relation has the column {@link #UNKNOWN}. */
  SqlValidator diagnosingValidator() {
    return validator(diagnosing);
  }

  private SqlValidator validator(CalciteCatalogReader reader) {
    return new Validator(operators, reader, types);
  }

  /**
   * Plans a validated statement. Nothing is simplified: it could hide or cause an error.
   *
   * @throws SqlException if it aggregates what we can not hold
   */
  RelNode plan(SqlValidator validator, SqlNode validated) throws SqlException {
    var planner = new VolcanoPlanner();
    planner.addRelTraitDef(ConventionTraitDef.INSTANCE);
    var cluster = RelOptCluster.create(planner, new RexBuilder(types));
    RelNode plan =
        FilteredArguments.guarded(PreparedArguments.prepared(plan(validator, validated, cluster)));
    AggregatedTypes.check(plan);
    return plan;
  }

  /** As a part of another plan. */
  RelNode plan(SqlValidator validator, SqlNode validated, RelOptCluster cluster) {
    var config =
        SqlToRelConverter.config()
            .withInSubQueryThreshold(Integer.MAX_VALUE)
            .withExpand(false)
            .withTrimUnusedFields(false)
            .withRelBuilderConfigTransform(
                c -> c.withSimplify(false).withSimplifyLimit(false).withSimplifyValues(false));
    var converter = new AliasedScans(validator, reader, cluster, config);
    return converter.convertQuery(validated, false, true).project();
  }
}
