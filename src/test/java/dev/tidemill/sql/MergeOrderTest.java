package dev.tidemill.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What an aggregate holds is the same bytes, however rows were divided, ordered and merged. */
final class MergeOrderTest {

  record Case(String name, Supplier<Accumulator> accumulator, Function<Random, Object> argument) {
    @Override
    public String toString() {
      return name;
    }
  }

  private record Row(Object argument, Place place) {}

  static Stream<Case> cases() {
    ValueType[] string = {ValueType.STRING};
    var byValue = new SortOrder(List.of(new SortOrder.Key(ValueType.INT, true, false)));
    var array = new Sequence.Form(ValueType.INT, byValue, false, false, false);
    var set = new Sequence.Form(ValueType.INT, byValue, true, false, false);
    var text = new Sequence.Form(ValueType.STRING, new SortOrder(List.of()), true, true, true);
    return Stream.of(
        new Case("few different", () -> new HyperLogLog(string), r -> "v" + r.nextInt(40)),
        new Case("many different", () -> new HyperLogLog(string), r -> "v" + r.nextInt(4000)),
        new Case("distinct", () -> new Distinct(string, Counter::new), r -> "v" + r.nextInt(90)),
        new Case(
            "percentile",
            () -> new Frequencies(Frequencies.Ending.APPROXIMATE, ValueType.DOUBLE, false),
            r -> new Object[] {0.5, r.nextGaussian()}),
        new Case(
            "mode",
            () -> new Frequencies(Frequencies.Ending.MODE, ValueType.DOUBLE, false),
            r -> r.nextBoolean() ? 0.0 : -0.0),
        new Case("array", () -> new Sequence(array), MergeOrderTest::valueAndKey),
        new Case("distinct array", () -> new Sequence(set), MergeOrderTest::valueAndKey),
        new Case("text", () -> new Sequence(text), r -> new Object[] {"v" + r.nextInt(20), ", "}),
        new Case(
            "first",
            () -> new Chosen(Chosen.Row.FIRST, ValueType.INT, ValueType.INT),
            Random::nextInt),
        new Case(
            "greatest",
            () -> new Chosen(Chosen.Row.GREATEST_KEY, ValueType.INT, ValueType.INT),
            r -> new Object[] {r.nextInt(), r.nextInt(3)}),
        new Case(
            "regression",
            () -> new PairMoments(PairMoments.Ending.REGR_SLOPE),
            r -> new Object[] {r.nextGaussian() * 1e200, r.nextGaussian() * 1e-200}));
  }

  private static Object valueAndKey(Random random) {
    return new Object[] {random.nextInt(9), random.nextBoolean() ? null : random.nextInt(9)};
  }

  @ParameterizedTest
  @MethodSource("cases")
  void neither_order_nor_grouping_changes_a_byte(Case of) {
    var random = new Random(11);
    var rows = new ArrayList<Row>();
    for (int i = 0; i < 2000; i++) {
      // Two rows of each place, as a join makes them.
      rows.add(new Row(of.argument.apply(random), new Place(random.nextInt(50), i % 3, i / 2, 0)));
    }
    byte[] expected = encoded(merged(of, rows, 1));
    for (int round = 0; round < 10; round++) {
      Collections.shuffle(rows, random);
      assertThat(encoded(merged(of, rows, 1 + random.nextInt(10)))).isEqualTo(expected);
    }
  }

  private static Accumulator merged(Case of, List<Row> rows, int parts) {
    Accumulator all = of.accumulator.get();
    for (int part = 0; part < parts; part++) {
      Accumulator some = of.accumulator.get();
      for (int i = part; i < rows.size(); i += parts) {
        some.add(rows.get(i).argument, rows.get(i).place);
      }
      Accumulator decoded = of.accumulator.get();
      decoded.decode(new BytesReader(encoded(some)));
      all.merge(decoded);
    }
    return all;
  }

  private static byte[] encoded(Accumulator accumulator) {
    var out = new Bytes(64);
    accumulator.encode(out);
    return out.toArray();
  }

  @Test
  void an_approximate_count_is_near_for_all_sizes() {
    for (int size : new int[] {0, 1, 100, 250, 3000, 10_000, 100_000}) {
      var sketch = new HyperLogLog(new ValueType[] {ValueType.LONG});
      for (long i = 0; i < size; i++) {
        sketch.add(i);
        sketch.add(i);
      }
      // Five standard errors.
      assertThat((Long) sketch.value()).isCloseTo(size, within((long) (size * 0.08)));
    }
  }

  @Test
  void an_approximate_percentile_is_less_than_half_a_percent_off() {
    for (double scale : new double[] {1e-300, 1, -1, 1e300}) {
      var sketch = new Frequencies(Frequencies.Ending.APPROXIMATE, ValueType.DOUBLE, false);
      for (int i = 1; i <= 1000; i++) {
        sketch.add(new Object[] {0.25, i * scale});
      }
      double exact = (scale < 0 ? 751 : 250) * scale;
      assertThat((Double) sketch.value()).isCloseTo(exact, within(0.004 * Math.abs(exact)));
    }
  }
}
