package dev.tidemill.schema;

import org.apache.avro.Schema;

/** How records of one writer schema become rows of the reader's. Not thread-safe. */
interface WriterPlan {

  /**
   * @param in stands behind the header; afterwards at the end of the record
   */
  Object[] read(AvroInput in) throws DecodeException;

  /**
   * The fastest plan that is right.
   *
   * @return a plan that refuses every record if the schemas are incompatible
   */
  static WriterPlan of(Schema writer, Schema reader) {
    return DirectPlan.of(writer, reader)
        .<WriterPlan>map(plan -> plan)
        .orElseGet(
            () -> {
              var problems = Compatibility.problems(reader, writer);
              return problems.isEmpty()
                  ? new ResolvingPlan(writer, reader)
                  : refusal(String.join("; ", problems));
            });
  }

  private static WriterPlan refusal(String reason) {
    return in -> {
      throw new IncompatibleSchemaException("the record's schema can not be read: " + reason);
    };
  }
}
