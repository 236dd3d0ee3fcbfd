package dev.tidemill.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Variances are rounded once, from exact sums. */
final class MomentsTest {

  @Test
  void a_deviation_is_exact_where_squares_overflow_or_underflow() {
    double great = Math.scalb(1.0, 1000);
    double small = Math.scalb(1.0, -1000);
    assertThat(deviation(great, 3 * great)).isEqualTo(great);
    assertThat(deviation(small, 3 * small)).isEqualTo(small);
    assertThat(deviation(Double.MIN_VALUE, 3 * Double.MIN_VALUE)).isEqualTo(Double.MIN_VALUE);
    assertThat(deviation(1, 1 + 2 * Math.ulp(1.0))).isEqualTo(Math.ulp(1.0));
  }

  @Test
  void a_small_spread_far_from_zero_is_not_lost() {
    // The textbook formula over doubles gives 0, or a negative variance.
    assertThat(deviation(1e15 + 1, 1e15 + 2, 1e15 + 3)).isEqualTo(Math.sqrt(2.0 / 3));
  }

  @Test
  void not_a_number_and_infinities_have_no_deviation() {
    assertThat(deviation(1, Double.NaN)).isNaN();
    assertThat(deviation(1, Double.POSITIVE_INFINITY)).isNaN();
  }

  @Test
  void neither_order_nor_grouping_changes_a_byte() {
    var random = new Random(7);
    var values = new ArrayList<Double>();
    for (int i = 0; i < 500; i++) {
      values.add(Math.scalb(random.nextGaussian(), random.nextInt(1200) - 600));
    }
    byte[] expected = null;
    for (int round = 0; round < 20; round++) {
      Collections.shuffle(values, random);
      byte[] bytes = encoded(merged(values, 1 + random.nextInt(10)));
      expected = expected == null ? bytes : expected;
      assertThat(bytes).isEqualTo(expected);
    }
  }

  @Test
  void the_root_of_a_fraction_is_the_nearest_double() {
    var random = new Random(3);
    for (int i = 0; i < 1000; i++) {
      long value = random.nextLong() >>> (11 + random.nextInt(30));
      var exact = BigInteger.valueOf(value);
      // Math.sqrt is correctly rounded, and a value of 53 bits is exact.
      assertThat(Rational.sqrt(exact, BigInteger.ONE, 0)).isEqualTo(Math.sqrt(value));
      assertThat(Rational.sqrt(exact, BigInteger.ONE, -51))
          .isEqualTo(Math.sqrt(Math.scalb((double) value, -51)));
    }
  }

  private static double deviation(double... values) {
    var moments = new DoubleMoments(Spread.STDDEV_POP);
    for (double value : values) {
      moments.add(value);
    }
    return (Double) moments.value();
  }

  private static DoubleMoments merged(List<Double> values, int parts) {
    var all = new DoubleMoments(Spread.VAR_SAMP);
    for (int part = 0; part < parts; part++) {
      var some = new DoubleMoments(Spread.VAR_SAMP);
      for (int i = part; i < values.size(); i += parts) {
        some.add(values.get(i));
      }
      var decoded = new DoubleMoments(Spread.VAR_SAMP);
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
}
