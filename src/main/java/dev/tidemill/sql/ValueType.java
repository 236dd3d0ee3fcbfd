package dev.tidemill.sql;

import java.util.Optional;
import org.apache.calcite.rel.type.RelDataType;

/**
 * How values of a column are written, ordered and told apart. Equality and order are those of the
 * SQL's operators.
 */
sealed interface ValueType permits ScalarType, ArrayType, RowType {
  ValueType BOOLEAN = ScalarType.BOOLEAN;
  ValueType INT = ScalarType.INT;
  ValueType LONG = ScalarType.LONG;
  ValueType FLOAT = ScalarType.FLOAT;
  ValueType DOUBLE = ScalarType.DOUBLE;
  ValueType STRING = ScalarType.STRING;
  ValueType BYTES = ScalarType.BYTES;
  ValueType DECIMAL = ScalarType.DECIMAL;

  /** What stands for NULL before a value's tag would. */
  byte NULL_TAG = 0;

  static ValueType of(RelDataType type) {
    return find(type).orElseThrow(() -> new IllegalArgumentException("No values of type " + type));
  }

  /** Whether there are values of this type. */
  static boolean exists(RelDataType type) {
    return find(type).isPresent();
  }

  private static Optional<ValueType> find(RelDataType type) {
    if (RowType.isRow(type)) {
      return Optional.of(RowType.of(type));
    }
    return ArrayType.isArray(type)
        ? find(type.getComponentType()).map(ArrayType::new)
        : ScalarType.find(type).map(scalar -> scalar);
  }

  /** Writes a value or null so that equal values have equal bytes. */
  void write(Object value, Bytes out);

  /** What {@link #write} wrote. */
  Object read(BytesReader in);

  /** Orders two values, neither null. */
  int compare(Object a, Object b);

  /** The one value that stands for all that equal it. */
  Object canonical(Object value);

  /**
   * @param value of one type, or an array of one for each
   */
  static byte[] bytes(ValueType[] types, Object value) {
    var bytes = new Bytes(16);
    if (types.length == 1) {
      types[0].write(value, bytes);
    } else {
      var several = (Object[]) value;
      for (int i = 0; i < types.length; i++) {
        types[i].write(several[i], bytes);
      }
    }
    return bytes.toArray();
  }
}
