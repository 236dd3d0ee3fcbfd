package dev.tidemill.schema;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;

/** How messages of one type become rows. Not thread-safe. */
interface ProtobufPlan {

  /**
   * @param from where the message begins; it ends with the array
   */
  Object[] read(byte[] bytes, int from) throws DecodeException;

  /**
   * @return a plan that refuses every record if a column can not be read from the message
   */
  static ProtobufPlan of(Descriptor message, Schema reader) {
    List<String> problems = new ArrayList<>();
    ProtobufField[] fields = fields(message, Column.of(reader), reader, problems);
    return problems.isEmpty()
        ? (bytes, from) -> row(parsed(message, bytes, from), fields)
        : refusal(String.join("; ", problems));
  }

  /**
   * @param record the schema of the columns
   * @param problems is given what can not be read
   */
  static ProtobufField[] fields(
      Descriptor message, List<Column> columns, Schema record, List<String> problems) {
    ProtobufField[] fields = new ProtobufField[columns.size()];
    for (Column column : columns) {
      FieldDescriptor field = written(message, column, record);
      if (column.kind() == Kind.NESTED) {
        fields[column.index()] = ignored -> null;
      } else if (field == null && column.fallback().isEmpty()) {
        problems.add("field '" + column.name() + "': it is not written, and has no default");
      } else if (field == null) {
        Object fallback = column.fallback().get().value();
        fields[column.index()] = ignored -> fallback;
      } else {
        ProtobufField.of(field, column, problems)
            .ifPresentOrElse(
                read -> fields[column.index()] = read,
                () ->
                    problems.add(
                        "field '%s': %s is expected, %s is written"
                            .formatted(
                                column.name(), column.typeName(), ProtobufField.typeName(field))));
      }
    }
    return fields;
  }

  private static ProtobufPlan refusal(String reason) {
    return (bytes, from) -> {
      throw new IncompatibleSchemaException("the record's schema can not be read: " + reason);
    };
  }

  private static FieldDescriptor written(Descriptor message, Column column, Schema record) {
    FieldDescriptor field = message.findFieldByName(column.fieldName());
    for (String alias : record.getField(column.fieldName()).aliases()) {
      field = field == null ? message.findFieldByName(alias) : field;
    }
    return field;
  }

  private static DynamicMessage parsed(Descriptor message, byte[] bytes, int from)
      throws DecodeException {
    try {
      return DynamicMessage.parseFrom(
          message, CodedInputStream.newInstance(bytes, from, bytes.length - from));
    } catch (InvalidProtocolBufferException e) {
      throw new DecodeException(
          "not a Protobuf message '" + message.getFullName() + "': " + e.getMessage());
    } catch (IOException e) {
      throw new IllegalStateException("an array can be read", e);
    }
  }

  /** What the fields say of a message. */
  static Object[] row(Message message, ProtobufField[] fields) throws DecodeException {
    Object[] row = new Object[fields.length];
    for (int i = 0; i < fields.length; i++) {
      row[i] = fields[i].read(message);
    }
    return row;
  }
}
