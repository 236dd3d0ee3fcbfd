package dev.tidemill.schema;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
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
    List<Column> columns = Column.of(reader);
    List<String> problems = new ArrayList<>();
    ProtobufField[] fields = new ProtobufField[columns.size()];
    for (Column column : columns) {
      FieldDescriptor field = written(message, column, reader);
      if (column.kind() == Kind.NESTED) {
        fields[column.index()] = ignored -> null;
      } else if (field == null && column.fallback().isEmpty()) {
        problems.add("field '" + column.name() + "': it is not written, and has no default");
      } else if (field == null) {
        Object fallback = column.fallback().get().value();
        fields[column.index()] = ignored -> fallback;
      } else {
        ProtobufField.of(field, column)
            .ifPresentOrElse(
                read -> fields[column.index()] = read,
                () ->
                    problems.add(
                        "field '%s': %s is expected, %s is written"
                            .formatted(
                                column.name(), column.typeName(), ProtobufField.typeName(field))));
      }
    }
    return problems.isEmpty()
        ? (bytes, from) -> row(parsed(message, bytes, from), fields)
        : refusal(String.join("; ", problems));
  }

  private static ProtobufPlan refusal(String reason) {
    return (bytes, from) -> {
      throw new IncompatibleSchemaException("the record's schema can not be read: " + reason);
    };
  }

  private static FieldDescriptor written(Descriptor message, Column column, Schema reader) {
    FieldDescriptor field = message.findFieldByName(column.name());
    for (String alias : reader.getField(column.name()).aliases()) {
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

  private static Object[] row(DynamicMessage message, ProtobufField[] fields)
      throws DecodeException {
    Object[] row = new Object[fields.length];
    for (int i = 0; i < fields.length; i++) {
      row[i] = fields[i].read(message);
    }
    return row;
  }
}
