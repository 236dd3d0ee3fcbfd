package dev.tidemill.topology;

import dev.tidemill.definition.Dedupe;
import dev.tidemill.definition.PipelineDefinition;
import dev.tidemill.definition.Unavailable;
import dev.tidemill.schema.Registry;
import dev.tidemill.sql.CompiledPipeline;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.avro.Schema;

/**
 * What a pipeline's state and results are made with: its statement, its calendar, its sources, and
 * which of their records are the same. It is kept as a property of the result's schema in the
 * registry, so that every result tells where it comes from.
 *
 * <p>A pipeline that has run keeps it: the aggregates of one statement mean nothing to another, and
 * the batches of one calendar do not fit into another's.
 */
final class ResultOrigin {
  private static final String PROPERTY = "tidemill.origin";

  private ResultOrigin() {}

  /**
   * Registers the result's schema with its origin.
   *
   * @param first whether the pipeline has never run on this cluster
   * @return the schema's id
   * @throws Unavailable if it has run with another origin
   */
  static int register(CompiledPipeline pipeline, Registry registry, String subject, boolean first) {
    if (!first) {
      requireSame(pipeline, registry, subject);
    }
    Schema schema = new Schema.Parser().parse(pipeline.query().resultSchema().toString());
    schema.addProp(PROPERTY, of(pipeline));
    return registry.register(subject, schema);
  }

  /**
   * Only looks.
   *
   * @throws Unavailable if the pipeline has run with another origin
   */
  static void requireSame(CompiledPipeline pipeline, Registry registry, String subject) {
    Optional<Object> known = registry.latest(subject).map(schema -> schema.getObjectProp(PROPERTY));
    if (known.isPresent() && known.get() instanceof Map<?, ?> parts) {
      requireSame(pipeline.definition(), of(pipeline), parts);
    }
  }

  private static void requireSame(
      PipelineDefinition definition, Map<String, String> origin, Map<?, ?> known) {
    String changed =
        origin.entrySet().stream()
            .filter(part -> known.containsKey(part.getKey())) // earlier releases kept less
            .filter(part -> !part.getValue().equals(known.get(part.getKey())))
            .map(part -> "'" + part.getKey() + "' was: " + known.get(part.getKey()))
            .collect(Collectors.joining("\n  "));
    if (!changed.isEmpty()) {
      throw new Unavailable(
          "pipeline '"
              + definition.name()
              + "' has run with another definition, and its state was made with that:\n  "
              + changed
              + "\nTake the change back, or give the changed pipeline a new name and a new table.");
    }
  }

  private static Map<String, String> of(CompiledPipeline pipeline) {
    PipelineDefinition definition = pipeline.definition();
    Map<String, String> parts = new TreeMap<>();
    parts.put("every", definition.batch().every());
    parts.put("clock", definition.batch().clock().name().toLowerCase(Locale.ROOT));
    parts.put("timezone", definition.batch().timezone().getId());
    parts.put("sql", definition.sql().strip().replaceAll("\\s+", " "));
    parts.put(
        "sources",
        definition.relations().stream()
            .map(source -> source.name() + " from " + Preflight.topicOf(definition, source))
            .sorted()
            .collect(Collectors.joining(", ")));
    parts.put("dedupe", dedupe(definition));
    return parts;
  }

  /** The keys that are known of one rule say nothing of another's. */
  private static String dedupe(PipelineDefinition definition) {
    String rules =
        definition.sources().stream()
            .flatMap(source -> source.dedupe().stream().map(rule -> source.name() + text(rule)))
            .sorted()
            .collect(Collectors.joining(", "));
    return rules.isEmpty() ? "none" : rules;
  }

  private static String text(Dedupe rule) {
    return " by "
        + rule.by()
        + rule.within().map(time -> " within " + time).orElse(" within the batch");
  }
}
