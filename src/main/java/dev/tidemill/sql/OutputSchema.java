package dev.tidemill.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.avro.Schema;

/** The rows of several statements as rows of one schema, which one topic can hold. */
final class OutputSchema {
  private static final String STATEMENT = "query";

  private OutputSchema() {}

  /** Their columns, one after the other, behind the name of the statement. */
  static List<Output> outputs(Map<String, Statement> statements) {
    List<Output> outputs = new ArrayList<>();
    int first = 1;
    for (Map.Entry<String, Statement> statement : statements.entrySet()) {
      Schema own = statement.getValue().resultSchema();
      outputs.add(new Output(statement.getKey(), own, first, statement.getValue().shape().joins()));
      first += own.getFields().size();
    }
    return outputs;
  }

  static Schema of(List<Output> outputs) {
    List<Schema.Field> fields = new ArrayList<>();
    fields.add(new Schema.Field(STATEMENT, Schema.create(Schema.Type.STRING)));
    TreeSet<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    names.add(STATEMENT);
    for (Output output : outputs) {
      for (Schema.Field own : output.schema().getFields()) {
        String name = output.name() + "_" + own.name();
        while (!names.add(name)) {
          name += "_";
        }
        fields.add(
            new Schema.Field(name, nullable(own.schema()), null, Schema.Field.NULL_DEFAULT_VALUE));
      }
    }
    return Schema.createRecord("Result", null, "dev.tidemill", false, fields);
  }

  private static Schema nullable(Schema type) {
    return type.isNullable() ? type : Schema.createUnion(Schema.create(Schema.Type.NULL), type);
  }
}
