package dev.tidemill.sql;

/**
 * The value of one row: the first or the last of the batch, or the one with the least or greatest
 * key. Among equal keys the first row of the batch is taken.
 */
final class Chosen extends Accumulator {
  /** Which row. */
  enum Row {
    FIRST,
    LAST,
    LEAST_KEY,
    GREATEST_KEY
  }

  private final Row row;
  private final ValueType valueType;
  private final ValueType keyType;
  private Object value;
  private Object key;
  private Place place;

  /**
   * @param keyType not used for the first and the last row
   */
  Chosen(Row row, ValueType valueType, ValueType keyType) {
    this.row = row;
    this.valueType = valueType;
    this.keyType = keyType;
  }

  private boolean hasKey() {
    return row == Row.LEAST_KEY || row == Row.GREATEST_KEY;
  }

  @Override
  void add(Object argument) {
    add(argument, Place.NONE);
  }

  /**
   * @param argument the value, or value and key; null if either is
   */
  @Override
  void add(Object argument, Place from) {
    if (argument == null) {
      return;
    }
    if (hasKey()) {
      var pair = (Object[]) argument;
      choose(pair[0], keyType.canonical(pair[1]), from);
    } else {
      choose(argument, null, from);
    }
  }

  private void choose(Object otherValue, Object otherKey, Place otherPlace) {
    if (place == null || isBetter(otherValue, otherKey, otherPlace)) {
      value = otherValue;
      key = otherKey;
      place = otherPlace;
    }
  }

  private boolean isBetter(Object otherValue, Object otherKey, Place otherPlace) {
    int byKey = hasKey() ? keyType.compare(otherKey, key) : 0;
    if (byKey != 0) {
      return row == Row.LEAST_KEY ? byKey < 0 : byKey > 0;
    }
    int byPlace = otherPlace.compareTo(place);
    if (byPlace != 0) {
      return row == Row.LAST ? byPlace > 0 : byPlace < 0;
    }
    // Several rows of one record.
    return valueType.compare(otherValue, value) < 0;
  }

  @Override
  void merge(Accumulator other) {
    var chosen = (Chosen) other;
    if (chosen.place != null) {
      choose(chosen.value, chosen.key, chosen.place);
    }
  }

  @Override
  void encode(Bytes out) {
    valueType.write(value, out);
    if (value != null) {
      place.write(out);
      if (hasKey()) {
        keyType.write(key, out);
      }
    }
  }

  @Override
  void decode(BytesReader in) {
    value = valueType.read(in);
    if (value != null) {
      place = Place.read(in);
      key = hasKey() ? keyType.read(in) : null;
    }
  }

  @Override
  Object value() {
    return value;
  }
}
