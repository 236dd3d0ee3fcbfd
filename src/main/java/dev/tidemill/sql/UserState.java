package dev.tidemill.sql;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;

/**
 * An aggregate of the user. Rows come as the bytes of their states, which were made before anything
 * was counted. What fails here has no record to blame, so it is kept, and told when the group is
 * read.
 */
final class UserState extends Accumulator {
  private static final int EMPTY = 0;
  private static final int STATE = 1;
  private static final int FAILURE = 2;

  private final UserAggregate<Object, Object> aggregate;
  private final UserType result;
  private Object state;

  /** Of several the least, whatever failed first; empty if nothing did. */
  private String failure = "";

  UserState(UserAggregate<Object, Object> aggregate, UserType result) {
    this.aggregate = aggregate;
    this.result = result;
  }

  /** What may throw. */
  private interface Step {
    void run();
  }

  private void attempt(Step step) {
    try {
      step.run();
    } catch (Throwable e) {
      FailureFinder.rethrowIfDying(e);
      fail(FailureFinder.thrown(e));
    }
  }

  private void fail(String reason) {
    failure = failure.isEmpty() || reason.compareTo(failure) < 0 ? reason : failure;
  }

  @Override
  void add(Object value) {
    if (value != null) {
      attempt(() -> addState(given(aggregate.decode((byte[]) value), "decode")));
    }
  }

  private void addState(Object more) {
    state = state == null ? more : given(aggregate.merge(state, more), "merge");
  }

  private static Object given(Object value, String method) {
    if (value == null) {
      throw new IllegalStateException(method + " gave null");
    }
    return value;
  }

  @Override
  void merge(Accumulator other) {
    var more = (UserState) other;
    if (!more.failure.isEmpty()) {
      fail(more.failure);
    }
    if (more.state != null) {
      // A copy if it is the first: it may be changed later.
      attempt(
          () ->
              addState(
                  state == null ? aggregate.decode(aggregate.encode(more.state)) : more.state));
    }
  }

  @Override
  void encode(Bytes out) {
    byte[][] encoded = new byte[1][];
    if (state != null && failure.isEmpty()) {
      attempt(() -> encoded[0] = (byte[]) given(aggregate.encode(state), "encode"));
    }
    if (!failure.isEmpty()) {
      out.writeByte(FAILURE);
      out.writeString(failure);
    } else if (state == null) {
      out.writeByte(EMPTY);
    } else {
      out.writeByte(STATE);
      out.writeBytes(encoded[0]);
    }
  }

  @Override
  void decode(BytesReader in) {
    state = null;
    failure = "";
    switch (in.readByte()) {
      case EMPTY -> {}
      case STATE -> {
        byte[] bytes = in.readBytes();
        attempt(() -> state = given(aggregate.decode(bytes), "decode"));
      }
      case FAILURE -> failure = in.readString();
      default -> throw new IllegalStateException("no state of a user's aggregate");
    }
  }

  @Override
  Object value() {
    if (failure.isEmpty() && state != null) {
      Object[] value = new Object[1];
      attempt(() -> value[0] = inRow(aggregate.result(state)));
      if (failure.isEmpty()) {
        return value[0];
      }
    }
    if (!failure.isEmpty()) {
      throw new ArithmeticException(failure);
    }
    return null;
  }

  private Object inRow(Object value) {
    if (value == null) {
      return null;
    }
    return switch (result) {
      case DATE -> UserValues.fromDate((LocalDate) value);
      case TIME -> UserValues.fromTime((LocalTime) value);
      case TIMESTAMP -> UserValues.fromTimestamp((Instant) value);
      case DECIMAL -> fit((BigDecimal) value);
      default -> value;
    };
  }

  private static BigDecimal fit(BigDecimal value) {
    BigDecimal rounded = value.setScale(UserType.SCALE, RoundingMode.HALF_UP);
    if (rounded.precision() > UserType.DIGITS) {
      throw new ArithmeticException(value + " does not fit DECIMAL(38, 9)");
    }
    return rounded;
  }
}
