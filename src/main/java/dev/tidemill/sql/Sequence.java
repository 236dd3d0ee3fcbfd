package dev.tidemill.sql;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Collectors;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * ARRAY_AGG, STRING_AGG and LISTAGG: the values of a group in the order that is asked for, and
 * otherwise in that of the batch. It holds them all.
 */
final class Sequence extends Accumulator {
  /**
   * What is asked for.
   *
   * @param strings to be joined; otherwise an array
   * @param separated whether the second argument is what stands between strings
   */
  record Form(
      ValueType type, SortOrder order, boolean distinct, boolean strings, boolean separated) {}

  private record Item(Object[] keys, Place place, @Nullable Object value) {}

  private final Form form;
  private final Comparator<Item> order;
  private List<Item> items = new ArrayList<>();
  private boolean sorted = true;

  /** The same in all rows; checked when the statement is. */
  private String separator = "";

  Sequence(Form form) {
    this.form = form;
    var byValue = new SortOrder.Key(form.type, false, false);
    order =
        Comparator.<Item, Object[]>comparing(Item::keys, form.order)
            .thenComparing(Item::place)
            .thenComparing(Item::value, byValue::compare);
  }

  @Override
  void add(Object argument) {
    add(argument, Place.NONE);
  }

  /**
   * @param argument the value, for strings the separator, and the keys of the order
   */
  @Override
  void add(Object argument, Place place) {
    var values = (Object[]) argument;
    if (form.strings && values[0] == null) {
      return;
    }
    if (form.separated) {
      separator = values[1] == null ? "" : (String) values[1];
    }
    Object[] keys = Arrays.copyOfRange(values, form.separated ? 2 : 1, values.length);
    items.add(new Item(keys, place, values[0]));
    sorted = false;
  }

  @Override
  void merge(Accumulator other) {
    var sequence = (Sequence) other;
    if (!sequence.items.isEmpty()) {
      items.addAll(sequence.items);
      separator = sequence.separator;
      sorted = false;
    }
  }

  @Override
  void encode(Bytes out) {
    sort();
    out.writeString(separator);
    out.writeVarint(items.size());
    for (Item item : items) {
      for (int i = 0; i < item.keys.length; i++) {
        form.order.keys().get(i).type().write(item.keys[i], out);
      }
      item.place.write(out);
      form.type.write(item.value, out);
    }
  }

  @Override
  void decode(BytesReader in) {
    separator = in.readString();
    int size = (int) in.readVarint();
    items = new ArrayList<>(size);
    for (int n = 0; n < size; n++) {
      var keys = new Object[form.order.keys().size()];
      for (int i = 0; i < keys.length; i++) {
        keys[i] = form.order.keys().get(i).type().read(in);
      }
      Place place = Place.read(in);
      items.add(new Item(keys, place, form.type.read(in)));
    }
    sorted = true;
  }

  @Override
  Object value() {
    if (items.isEmpty()) {
      return null;
    }
    sort();
    return form.strings
        ? items.stream().map(item -> (String) item.value).collect(Collectors.joining(separator))
        : items.stream().map(Item::value).collect(Collectors.toCollection(ArrayList::new));
  }

  /**
   * Of equal values only the first stays, if they have to be distinct: also in all later merges.
   */
  private void sort() {
    if (sorted) {
      return;
    }
    items.sort(order);
    if (form.distinct) {
      var seen = new HashSet<Bytes.Key>();
      items.removeIf(item -> !seen.add(key(item.value)));
    }
    sorted = true;
  }

  private Bytes.Key key(Object value) {
    var bytes = new Bytes(16);
    form.type.write(value, bytes);
    return bytes.toKey();
  }
}
