package dev.tidemill.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

/** The oracle is BigDecimal, which holds every finite double exactly. */
final class ExactDoubleSumTest {

  @Property(tries = 2000)
  void the_sum_is_the_nearest_double_to_the_exact_sum(
      @ForAll @Size(max = 60) List<@net.jqwik.api.From("doubles") Double> values) {
    BigDecimal exact =
        values.stream().map(BigDecimal::new).reduce(BigDecimal.ZERO, BigDecimal::add);
    assertThat(sum(values).sum()).isEqualTo(positiveZero(exact.doubleValue()));
  }

  @Property(tries = 1000)
  void the_average_is_rounded_once(
      @ForAll @Size(min = 1, max = 40) List<@net.jqwik.api.From("doubles") Double> values) {
    double average = sum(values).average(values.size());
    BigDecimal exact =
        values.stream().map(BigDecimal::new).reduce(BigDecimal.ZERO, BigDecimal::add);
    assertNearest(average, exact, values.size());
  }

  @Property(tries = 1000)
  void neither_order_nor_grouping_changes_a_bit(
      @ForAll @Size(max = 60) List<@net.jqwik.api.From("doubles") Double> values,
      @ForAll long seed) {
    var random = new Random(seed);
    var shuffled = new ArrayList<>(values);
    Collections.shuffle(shuffled, random);
    var merged = new ExactDoubleSum();
    for (int from = 0; from < shuffled.size(); ) {
      int to = from + 1 + random.nextInt(shuffled.size() - from);
      var part = sum(shuffled.subList(from, to));
      merged.merge(ExactDoubleSum.decode(new BytesReader(bytes(part))));
      from = to;
    }
    assertThat(bytes(merged)).isEqualTo(bytes(sum(values)));
  }

  @Example
  void an_overflow_in_between_is_none() {
    assertThat(sum(List.of(1e308, 1e308, -1e308)).sum()).isEqualTo(1e308);
    assertThat(sum(List.of(1e308, 1e308)).sum()).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(sum(List.of(1e308, 1e308)).average(2)).isEqualTo(1e308);
  }

  @Example
  void small_terms_survive_large_ones() {
    assertThat(sum(List.of(1e300, 1.0, -1e300, Double.MIN_VALUE)).sum()).isEqualTo(1.0);
    assertThat(sum(List.of(1e300, Double.MIN_VALUE, -1e300)).sum()).isEqualTo(Double.MIN_VALUE);
  }

  @Example
  void nan_and_infinities_win() {
    double inf = Double.POSITIVE_INFINITY;
    assertThat(sum(List.of(1.0, inf)).sum()).isEqualTo(inf);
    assertThat(sum(List.of(-inf, 1e308)).sum()).isEqualTo(-inf);
    assertThat(sum(List.of(inf, -inf)).sum()).isNaN();
    assertThat(sum(List.of(1.0, Double.NaN)).average(2)).isNaN();
  }

  @Example
  void the_sum_of_negative_zeros_is_zero() {
    assertThat(sum(List.of(-0.0, -0.0)).sum()).isEqualTo(0.0);
    assertThat(bytes(sum(List.of(-0.0)))).isEqualTo(bytes(new ExactDoubleSum()));
  }

  @Example
  void a_million_additions_of_the_largest_double_do_not_overflow() {
    var sum = new ExactDoubleSum();
    for (int i = 0; i < 1_000_000; i++) {
      sum.add(Double.MAX_VALUE);
    }
    assertThat(sum.average(1_000_000)).isEqualTo(Double.MAX_VALUE);
    for (int i = 0; i < 999_999; i++) {
      sum.add(-Double.MAX_VALUE);
    }
    assertThat(sum.sum()).isEqualTo(Double.MAX_VALUE);
  }

  @Example
  void a_typical_sum_is_small_on_the_wire() {
    var sum = new ExactDoubleSum();
    for (int i = 0; i < 10_000; i++) {
      sum.add(i * 0.01);
    }
    assertThat(bytes(sum)).hasSizeLessThan(20);
  }

  @Provide
  Arbitrary<Double> doubles() {
    return Arbitraries.frequencyOf(
        net.jqwik.api.Tuple.of(4, Arbitraries.doubles().between(-1000, 1000).ofScale(3)),
        net.jqwik.api.Tuple.of(
            3, Arbitraries.longs().map(Double::longBitsToDouble).filter(Double::isFinite)),
        net.jqwik.api.Tuple.of(
            1,
            Arbitraries.of(
                0.0,
                -0.0,
                1.0,
                -1.0,
                1e16,
                -1e16,
                1e308,
                -1e308,
                Double.MIN_VALUE,
                -Double.MIN_VALUE,
                Double.MIN_NORMAL,
                Double.MAX_VALUE,
                -Double.MAX_VALUE)),
        net.jqwik.api.Tuple.of(
            1, Arbitraries.longs().between(0, 1L << 52).map(Double::longBitsToDouble)));
  }

  private static void assertNearest(double actual, BigDecimal numerator, int denominator) {
    BigDecimal count = BigDecimal.valueOf(denominator);
    BigDecimal error = new BigDecimal(actual).multiply(count).subtract(numerator).abs();
    for (double other : new double[] {Math.nextUp(actual), Math.nextDown(actual)}) {
      if (Double.isFinite(other)) {
        assertThat(new BigDecimal(other).multiply(count).subtract(numerator).abs())
            .isGreaterThanOrEqualTo(error);
      }
    }
  }

  private static double positiveZero(double value) {
    return value == 0 ? 0.0 : value;
  }

  private static ExactDoubleSum sum(List<Double> values) {
    var sum = new ExactDoubleSum();
    values.forEach(sum::add);
    return sum;
  }

  private static byte[] bytes(ExactDoubleSum sum) {
    var bytes = new Bytes(16);
    sum.encode(bytes);
    return bytes.toArray();
  }

  @Example
  void integer_sums_are_exact_beyond_64_bits() throws Exception {
    var sum = new IntegerSum(Accumulator.Ending.SUM);
    var big = BigInteger.ZERO;
    var random = new Random(7);
    for (int i = 0; i < 1000; i++) {
      long value = random.nextBoolean() ? random.nextLong() : Long.MAX_VALUE - random.nextInt(9);
      sum.add(value);
      big = big.add(BigInteger.valueOf(value));
    }
    var copy = new IntegerSum(Accumulator.Ending.SUM);
    var bytes = new Bytes(16);
    sum.encode(bytes);
    copy.decode(new BytesReader(bytes.toArray()));
    copy.add(big.negate().longValue());
    for (BigInteger rest = big.add(BigInteger.valueOf(big.negate().longValue()));
        rest.signum() != 0; ) {
      long step =
          rest.max(BigInteger.valueOf(Long.MIN_VALUE))
              .min(BigInteger.valueOf(Long.MAX_VALUE))
              .longValue();
      copy.add(step == Long.MIN_VALUE ? Long.MAX_VALUE : -step);
      rest = rest.subtract(BigInteger.valueOf(step == Long.MIN_VALUE ? -Long.MAX_VALUE : step));
    }
    assertThat(copy.value()).isEqualTo(0L);
  }
}
