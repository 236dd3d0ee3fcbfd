package dev.tidemill.schema;

import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;

/** Reads one field of a record, in the form that it was written, as a value of a row. */
interface FieldReader {
  Object read(AvroInput in) throws DecodeException;

  static FieldReader of(Column column) {
    return column.kind() == Kind.NESTED ? skip(column) : of(column, notNull(column));
  }

  /**
   * @param value reads what is not null
   */
  static FieldReader of(Column column, FieldReader value) {
    int nullBranch = column.nullBranch();
    if (nullBranch < 0) {
      return value;
    }
    return in -> {
      long branch = in.readLong();
      if (branch == nullBranch) {
        return null;
      }
      if (branch != 1 - nullBranch) {
        throw new DecodeException("branch " + branch + " of a union of two");
      }
      return value.read(in);
    };
  }

  private static FieldReader notNull(Column column) {
    int fixed = column.kind() == Kind.FIXED ? column.type().getFixedSize() : 0;
    return switch (column.kind()) {
      case BOOLEAN -> AvroInput::readBoolean;
      case INT, DATE, TIME_MILLIS -> AvroInput::readInt;
      case LONG, TIMESTAMP_MILLIS, LOCAL_TIMESTAMP_MILLIS -> AvroInput::readLong;
      case TIMESTAMP_MICROS -> in -> Math.floorDiv(in.readLong(), 1000L);
      case FLOAT -> AvroInput::readFloat;
      case DOUBLE -> AvroInput::readDouble;
      case STRING -> AvroInput::readString;
      case ENUM -> symbols(column);
      case BYTES -> AvroInput::readBytes;
      case FIXED -> in -> in.readFixed(fixed);
      case UUID -> in -> GenericValues.uuid(in.readFixed(16));
      case DECIMAL -> decimal(column);
      case ARRAY -> array(of(column.element()), column.element());
      case RECORD, NESTED ->
          throw new IllegalStateException(column.name() + " is read by what is wanted of it");
    };
  }

  /**
   * Blocks of elements, until one has none.
   *
   * @param to whether they may be null
   */
  static FieldReader array(FieldReader element, Column to) {
    return in -> {
      List<Object> elements = new ArrayList<>();
      for (long count = in.readLong(); count != 0; count = in.readLong()) {
        if (count < 0) {
          in.readLong(); // the block's length in bytes, which we do not need
        }
        // Each element has a byte at least.
        if (count == Long.MIN_VALUE || Math.abs(count) > in.remaining()) {
          throw new DecodeException(
              "a block of " + count + " elements, but only " + in.remaining() + " bytes are left");
        }
        for (long left = Math.abs(count); left > 0; left--) {
          Object value = element.read(in);
          if (value == null && !to.nullable()) {
            throw new DecodeException("an element is null, and its schema does not allow that");
          }
          elements.add(value);
        }
      }
      return elements;
    };
  }

  private static FieldReader symbols(Column column) {
    String[] symbols = column.type().getEnumSymbols().toArray(String[]::new);
    return in -> {
      int ordinal = in.readInt();
      if (ordinal < 0 || ordinal >= symbols.length) {
        throw new DecodeException("symbol " + ordinal + " of an enum of " + symbols.length);
      }
      return symbols[ordinal];
    };
  }

  private static FieldReader decimal(Column column) {
    if (column.type().getType() == Schema.Type.FIXED) {
      int size = column.type().getFixedSize();
      return in -> ExactDecimal.ofBytes(in.readFixed(size), column);
    }
    return in -> ExactDecimal.ofBytes(in.readBytes(), column);
  }

  private static FieldReader skip(Column column) {
    return in -> {
      SchemaSkipper.skip(column.field(), in);
      return null;
    };
  }
}
