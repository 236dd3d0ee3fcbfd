package dev.tidemill.cli;

import dev.tidemill.definition.MaxRejects;
import dev.tidemill.definition.Origin;
import dev.tidemill.definition.PipelineDefinition;
import dev.tidemill.definition.RelationDefinition;
import dev.tidemill.definition.Requirement;
import dev.tidemill.definition.SourceDefinition;
import dev.tidemill.definition.TableDefinition;
import dev.tidemill.definition.TargetDefinition;
import dev.tidemill.definition.Topics;
import dev.tidemill.sql.CompiledPipeline;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The way of a record through a pipeline, drawn for a terminal. */
final class Picture {
  private Picture() {}

  static void printText(CompiledPipeline pipeline, PrintWriter out) {
    PipelineDefinition definition = pipeline.definition();
    String indent = "  ";
    for (SourceDefinition source : definition.sources()) {
      out.println(indent + source.name() + "  " + originText(source));
      if (source.origin() instanceof Origin.Extracted) {
        out.println(indent + "  │ extract, each row once");
        out.println(indent + "  ▼");
        out.println(indent + "topic " + topicOf(definition, source));
      }
    }
    for (TableDefinition table : definition.tables()) {
      out.println(
          indent
              + table.name()
              + "  "
              + originText(table)
              + ": a table by "
              + table.keyField()
              + (table.replicated()
                  ? ", whole in the heap of every instance"
                  : ", in the heap, of each partition where that of the streams is read"));
    }
    out.println(
        indent
            + "  │ intake: event time, verdict"
            + rules(definition)
            + dedupes(definition)
            + lookups(pipeline)
            + breaker(definition)
            + ", "
            + work(pipeline));
    out.println(indent + "  ▼");
    out.println(indent + "shuffle, by " + shuffleKey(pipeline));
    out.println(
        indent
            + "  │ batch "
            + definition.batch().every()
            + " in "
            + definition.batch().timezone()
            + ": closes when every partition has passed it"
            + atTheEnd(pipeline)
            + gates(definition));
    out.println(indent + "  ▼");
    out.println(indent + "topic " + definition.topics().results() + "  (rows and end marks)");
    out.println(indent + "  │ load, a batch in one transaction");
    out.println(indent + "  ▼");
    out.println(
        indent
            + definition.targets().stream()
                .map(TargetDefinition::name)
                .collect(Collectors.joining(", ")));
  }

  static List<String> topics(PipelineDefinition definition) {
    Topics topics = definition.topics();
    List<String> own =
        new ArrayList<>(
            definition.relations().stream().map(source -> topicOf(definition, source)).toList());
    own.addAll(
        List.of(
            topics.shuffle(),
            topics.owner(),
            topics.results(),
            topics.rejects(),
            topics.ledger(),
            topics.acks()));
    List<String> controls =
        definition.relations().stream()
            .filter(source -> source.origin() instanceof Origin.Extracted)
            .map(source -> topics.control(source.name()))
            .toList();
    if (!controls.isEmpty()) {
      own.add(topics.positions());
      own.addAll(controls);
    }
    return own;
  }

  private static String topicOf(PipelineDefinition definition, RelationDefinition source) {
    return source.origin() instanceof Origin.Topic topic
        ? topic.topic()
        : definition.topics().source(source.name());
  }

  private static String originText(RelationDefinition source) {
    return source.origin() instanceof Origin.Topic topic
        ? "topic " + topic.topic()
        : ((Origin.Extracted) source.origin()).summary();
  }

  private static String rules(PipelineDefinition definition) {
    List<String> rules =
        definition.sources().stream().flatMap(s -> s.expect().keySet().stream()).toList();
    return rules.isEmpty() ? "" : ", rules " + rules;
  }

  private static String dedupes(PipelineDefinition definition) {
    return definition.sources().stream()
        .filter(source -> source.dedupe().isPresent())
        .map(source -> ", one of each " + String.join(", ", source.dedupe().get().by()))
        .collect(Collectors.joining());
  }

  private static String breaker(PipelineDefinition definition) {
    MaxRejects limit = definition.batch().maxRejects();
    List<String> limits = new ArrayList<>();
    limit.percent().ifPresent(percent -> limits.add(percent + " %"));
    limit.inARow().ifPresent(records -> limits.add(records + " in a row"));
    return limits.isEmpty() ? "" : ", pause after rejects of " + String.join(" or ", limits);
  }

  private static String lookups(CompiledPipeline pipeline) {
    List<String> tables =
        pipeline.query().tables().stream()
            .filter(reading -> !reading.isScanned())
            .map(reading -> reading.table() + (reading.isAsOf() ? " as of the event time" : ""))
            .distinct()
            .toList();
    return tables.isEmpty() ? "" : ", look up in " + tables;
  }

  private static String atTheEnd(CompiledPipeline pipeline) {
    if (pipeline.query().program().isEmpty()) {
      return "";
    }
    return pipeline.query().isTogether()
        ? ", then one share runs the rest of the SQL over the whole batch"
        : ", then each share runs the rest of the SQL over its part";
  }

  private static String gates(PipelineDefinition definition) {
    List<String> gates =
        definition.queries().stream()
            .flatMap(
                query ->
                    query.require().stream()
                        .map(Requirement::name)
                        .map(name -> query.name().isEmpty() ? name : query.name() + "." + name))
            .toList();
    return gates.isEmpty() ? "" : ", gates " + gates;
  }

  private static String work(CompiledPipeline pipeline) {
    return pipeline.query().inputs().stream().anyMatch(input -> input.aggregation().isPresent())
        ? "filter, project, aggregate in the heap"
        : "filter, project";
  }

  private static String shuffleKey(CompiledPipeline pipeline) {
    if (pipeline.query().program().isPresent()) {
      return pipeline.query().isTogether()
          ? "batch (no column keeps together what has to meet)"
          : "what rows that meet have in common";
    }
    return pipeline.query().aggregation().isPresent() ? "group" : "record";
  }

  static String relative(Path path) {
    Path here = Path.of("").toAbsolutePath();
    return path.startsWith(here) ? here.relativize(path).toString() : path.toString();
  }
}
