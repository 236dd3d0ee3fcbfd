package dev.tidemill.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemill.sql.CompiledPipeline;
import dev.tidemill.sql.Operator;
import dev.tidemill.sql.Output;
import dev.tidemill.topology.PlannedStore;
import java.time.Clock;
import org.apache.avro.Schema;

/** The same as the text of {@code plan}, for machines. */
final class PlanJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private PlanJson() {}

  static ObjectNode of(CompiledPipeline pipeline) {
    ObjectNode plan = JSON.createObjectNode();
    plan.put("pipeline", pipeline.definition().name());
    plan.put("description", pipeline.definition().description());
    ArrayNode statements = plan.putArray("statements");
    for (int i = 0; i < pipeline.query().operators().size(); i++) {
      Output output = pipeline.query().outputs().get(i);
      ObjectNode statement = statements.addObject();
      statement.put("name", output.name());
      statement.set("plan", operator(pipeline.query().operators().get(i)));
      ArrayNode columns = statement.putArray("columns");
      for (Schema.Field field : output.schema().getFields()) {
        ObjectNode column = columns.addObject();
        column.put("name", field.name());
        column.set("type", type(field.schema()));
      }
    }
    ArrayNode state = plan.putArray("state");
    for (PlannedStore store : PlannedStore.of(pipeline)) {
      ObjectNode node = state.addObject();
      node.put("store", store.name());
      node.put("in", store.inHeap() ? "heap" : "rocksdb");
      node.put("per", store.per());
      node.put("holds", store.holds());
      node.put("bound", store.bound());
      node.put("restoredFrom", store.topic());
    }
    Schedules.json(pipeline.definition(), Clock.systemUTC(), plan.putArray("schedules"));
    ArrayNode topics = plan.putArray("topics");
    Picture.topics(pipeline.definition()).forEach(topics::add);
    return plan;
  }

  private static JsonNode type(Schema schema) {
    try {
      return JSON.readTree(schema.toString());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Avro writes its schemas as JSON", e);
    }
  }

  private static ObjectNode operator(Operator operator) {
    ObjectNode node = JSON.createObjectNode();
    node.put("operator", operator.name());
    node.put("detail", operator.detail());
    node.put("where", operator.place().toString());
    operator.twoPhase().ifPresent(is -> node.put("twoPhase", is));
    operator
        .state()
        .ifPresent(
            state ->
                node.putObject("state")
                    .put("store", state.store())
                    .put("keyedBy", state.keyedBy()));
    ArrayNode notes = node.putArray("notes");
    operator.notes().forEach(notes::add);
    ArrayNode inputs = node.putArray("inputs");
    operator.inputs().forEach(input -> inputs.add(operator(input)));
    return node;
  }
}
