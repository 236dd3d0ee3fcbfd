package dev.tidemill.server;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemill.definition.PipelineDefinition;
import dev.tidemill.sql.CompiledPipeline;
import dev.tidemill.sql.Output;
import java.util.List;
import org.apache.avro.Schema;

/** What a pipeline is, in JSON. */
final class PipelineJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private PipelineJson() {}

  static ObjectNode of(CompiledPipeline pipeline) {
    PipelineDefinition definition = pipeline.definition();
    ObjectNode json = JSON.createObjectNode();
    json.put("pipeline", definition.name());
    json.put("description", definition.description());
    json.put("every", definition.batch().every());
    json.put("timezone", definition.batch().timezone().getId());
    ArrayNode key = json.putArray("key");
    pipeline.query().aggregation().ifPresent(group -> names(group.groupSchema(), key));
    List<Output> outputs = pipeline.query().outputs();
    if (outputs.size() == 1) {
      names(outputs.get(0).schema(), json.putArray("columns"));
    } else {
      ObjectNode queries = json.putObject("queries");
      outputs.forEach(output -> names(output.schema(), queries.putArray(output.name())));
    }
    ArrayNode targets = json.putArray("targets");
    definition.targets().forEach(target -> targets.add(target.name()));
    return json;
  }

  private static void names(Schema schema, ArrayNode names) {
    schema.getFields().forEach(field -> names.add(field.name()));
  }
}
