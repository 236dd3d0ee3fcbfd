package dev.tidemill.sql;

import dev.tidemill.definition.Origin;
import dev.tidemill.definition.PipelineDefinition;
import dev.tidemill.definition.Position;
import dev.tidemill.definition.Problem;
import dev.tidemill.definition.Reading;
import dev.tidemill.definition.Relation;
import dev.tidemill.definition.SourceDefinition;
import dev.tidemill.definition.TableDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Checks the use of tables that are not replicated: a record of a stream finds its row only if both
 * are in the partition of the same number, so they must be joined by their Kafka keys.
 */
final class PartitionedTables {
  private final Reading reading;
  private final Map<String, Relation> relations;

  PartitionedTables(Reading reading) {
    this.reading = reading;
    this.relations =
        reading.sources().stream().collect(Collectors.toMap(Relation::name, source -> source));
  }

  List<Problem> check(Query query) {
    List<Problem> problems = new ArrayList<>();
    for (Relation table : reading.sources()) {
      if (!table.replicated()) {
        Position at =
            reading.positions().of(List.of("sources", table.name(), "table", "replicate"));
        whyNot(table, query).ifPresent(why -> problems.add(reading.problem(at, why)));
      }
    }
    return problems;
  }

  private Optional<String> whyNot(Relation table, Query query) {
    boolean scanned =
        query.tables().stream().anyMatch(r -> r.table().equals(table.name()) && r.isScanned());
    if (scanned) {
      return Optional.of(
          "the statement reads all of table '%s', so each instance needs it; remove 'replicate: false'"
              .formatted(table.name()));
    }
    for (Query.Branch branch : query.branches()) {
      for (Query.Lookup lookup : branch.lookups()) {
        if (lookup.table().equals(table.name())) {
          Optional<String> why = whyNot(table, relations.get(branch.source()), lookup);
          if (why.isPresent()) {
            return why;
          }
        }
      }
    }
    return reading.definition().flatMap(definition -> partitions(table, definition));
  }

  private static Optional<String> whyNot(Relation table, Relation stream, Query.Lookup lookup) {
    if (table.key().isEmpty()) {
      return Optional.empty(); // that is told already
    }
    if (stream.key().isEmpty()) {
      return Optional.of(
          ("a table that is not replicated is looked up by the Kafka key of the stream, and source"
                  + " '%s' does not say which field that is; write 'key' there, or remove"
                  + " 'replicate: false'")
              .formatted(stream.name()));
    }
    boolean byKeys = table.key().get().equals(lookup.columns().get(stream.key().get()));
    return byKeys
        ? Optional.empty()
        : Optional.of(
            ("a table that is not replicated is joined by the Kafka keys of both sides, of the same"
                    + " type: write ON %s.%s = %s.%s, or remove 'replicate: false'")
                .formatted(stream.name(), stream.key().get(), table.name(), table.key().get()));
  }

  /** Those of files are ours; those of topics are looked at when the pipeline starts. */
  private static Optional<String> partitions(Relation table, PipelineDefinition definition) {
    Optional<TableDefinition> ofTable =
        definition.tables().stream().filter(t -> t.name().equals(table.name())).findFirst();
    if (ofTable.isEmpty() || !(ofTable.get().origin() instanceof Origin.Extracted ours)) {
      return Optional.empty();
    }
    for (SourceDefinition stream : definition.sources()) {
      if (stream.origin() instanceof Origin.Extracted others
          && others.publishing().partitions() != ours.publishing().partitions()) {
        return Optional.of(
            ("a table that is not replicated has as many partitions as the streams: table '%s' has"
                    + " %d, source '%s' has %d; write 'partitions: %d' in the table's file")
                .formatted(
                    table.name(),
                    ours.publishing().partitions(),
                    stream.name(),
                    others.publishing().partitions(),
                    others.publishing().partitions()));
      }
    }
    return Optional.empty();
  }
}
