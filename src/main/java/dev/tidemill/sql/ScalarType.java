package dev.tidemill.sql;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Optional;
import org.apache.calcite.rel.type.RelDataType;

/**
 * The type of a single value: -0.0 equals 0.0, NaN equals itself and is greater than all numbers,
 * strings are ordered by code point (which is the order of their UTF-8 bytes), bytes as unsigned.
 */
enum ScalarType implements ValueType {
  BOOLEAN(1),
  INT(2),
  LONG(3),
  FLOAT(4),
  DOUBLE(5),
  STRING(6),
  BYTES(7),
  DECIMAL(8);

  /** On the wire: never to be changed. */
  private final byte tag;

  ScalarType(int tag) {
    this.tag = (byte) tag;
  }

  static Optional<ScalarType> find(RelDataType type) {
    return Optional.ofNullable(
        switch (type.getSqlTypeName()) {
          case BOOLEAN -> BOOLEAN;
          case TINYINT, SMALLINT, INTEGER, DATE, TIME -> INT;
          case BIGINT, TIMESTAMP -> LONG;
          case REAL -> FLOAT;
          case FLOAT, DOUBLE -> DOUBLE;
          case CHAR, VARCHAR -> STRING;
          case BINARY, VARBINARY -> BYTES;
          case DECIMAL -> DECIMAL;
          default -> null;
        });
  }

  @Override
  public void write(Object value, Bytes out) {
    if (value == null) {
      out.writeByte(NULL_TAG);
      return;
    }
    out.writeByte(tag);
    switch (this) {
      case BOOLEAN -> out.writeByte((Boolean) value ? 1 : 0);
      case INT -> out.writeSigned((Integer) value);
      case LONG -> out.writeSigned((Long) value);
      // Adding 0.0 makes 0.0 of -0.0; the canonical bits make one NaN of all.
      case FLOAT -> out.writeFixed64(Double.doubleToLongBits((Float) value + 0.0f));
      case DOUBLE -> out.writeFixed64(Double.doubleToLongBits((Double) value + 0.0));
      case STRING -> out.writeString((String) value);
      case BYTES -> out.writeBytes((byte[]) value);
      case DECIMAL -> {
        var decimal = (BigDecimal) value;
        out.writeSigned(decimal.scale());
        out.writeInteger(decimal.unscaledValue());
      }
      default -> throw new IllegalStateException(name());
    }
  }

  @Override
  public Object read(BytesReader in) {
    int found = in.readByte();
    if (found == NULL_TAG) {
      return null;
    }
    if (found != tag) {
      throw new IllegalStateException(
          "Expected a " + name() + " but the bytes are tagged " + found);
    }
    return switch (this) {
      case BOOLEAN -> in.readByte() == 1;
      case INT -> (int) in.readSigned();
      case LONG -> in.readSigned();
      case FLOAT -> (float) Double.longBitsToDouble(in.readFixed64());
      case DOUBLE -> Double.longBitsToDouble(in.readFixed64());
      case STRING -> in.readString();
      case BYTES -> in.readBytes();
      case DECIMAL -> {
        int scale = (int) in.readSigned();
        BigInteger unscaled = in.readInteger();
        yield new BigDecimal(unscaled, scale);
      }
    };
  }

  @Override
  public int compare(Object a, Object b) {
    return switch (this) {
      case BOOLEAN -> ((Boolean) a).compareTo((Boolean) b);
      case INT -> ((Integer) a).compareTo((Integer) b);
      case LONG -> ((Long) a).compareTo((Long) b);
      case FLOAT -> Float.compare((Float) a + 0.0f, (Float) b + 0.0f);
      case DOUBLE -> Double.compare((Double) a + 0.0, (Double) b + 0.0);
      case STRING -> compareCodePoints((String) a, (String) b);
      case BYTES -> Arrays.compareUnsigned((byte[]) a, (byte[]) b);
      case DECIMAL -> ((BigDecimal) a).compareTo((BigDecimal) b);
    };
  }

  @Override
  public Object canonical(Object value) {
    return switch (this) {
      case FLOAT -> (Float) value + 0.0f;
      case DOUBLE -> (Double) value + 0.0;
      default -> value;
    };
  }

  static int compareCodePoints(String a, String b) {
    int length = Math.min(a.length(), b.length());
    for (int i = 0; i < length; i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x != y) {
        // Surrogates stand for code points above all that a single char can be.
        boolean above = Character.isSurrogate(x);
        return above == Character.isSurrogate(y) ? x - y : above ? 1 : -1;
      }
    }
    return a.length() - b.length();
  }
}
