package dev.tidemill.sql;

import java.util.List;

/** One function over a window: fills one column of all rows of a partition. */
interface WindowFunction {

  /** A column, or a constant. */
  interface Argument {
    Object of(Object[] row);
  }

  void compute(WindowPartition partition, WindowFrame frame, int column) throws EvaluationException;

  /** What depends on a row's place alone. */
  interface ByPlace {
    Object at(WindowPartition partition, int i) throws EvaluationException;
  }

  private static WindowFunction byPlace(ByPlace value) {
    return (partition, frame, column) -> {
      for (int i = 0; i < partition.size(); i++) {
        partition.row(i)[column] = value.at(partition, i);
      }
    };
  }

  static WindowFunction rowNumber() {
    return byPlace((partition, i) -> (long) i + 1);
  }

  static WindowFunction rank() {
    return byPlace((partition, i) -> (long) partition.firstPeer(i) + 1);
  }

  static WindowFunction denseRank() {
    return (partition, frame, column) -> {
      long rank = 0;
      for (int i = 0; i < partition.size(); i++) {
        rank += partition.firstPeer(i) == i ? 1 : 0;
        partition.row(i)[column] = rank;
      }
    };
  }

  static WindowFunction percentRank() {
    return byPlace(
        (partition, i) ->
            partition.size() == 1 ? 0.0 : (double) partition.firstPeer(i) / (partition.size() - 1));
  }

  static WindowFunction cumeDist() {
    return byPlace((partition, i) -> (partition.lastPeer(i) + 1.0) / partition.size());
  }

  static WindowFunction ntile(Argument tiles) {
    return byPlace(
        (partition, i) -> {
          Object given = tiles.of(partition.row(i));
          if (given == null) {
            return null;
          }
          long count = ((Number) given).longValue();
          if (count < 1) {
            throw new EvaluationException("NTILE(" + count + "): must be at least 1");
          }
          long small = partition.size() / count;
          long larger = partition.size() % count;
          long inLarger = larger * (small + 1);
          return i < inLarger ? i / (small + 1) + 1 : larger + (i - inLarger) / small + 1;
        });
  }

  /** LAG and LEAD: value, offset, default. */
  static WindowFunction neighbour(List<Argument> arguments, int direction, boolean ignoreNulls) {
    return byPlace(
        (partition, i) -> {
          Object[] row = partition.row(i);
          Object offset = arguments.size() > 1 ? arguments.get(1).of(row) : (Object) 1;
          if (offset == null) {
            return null;
          }
          long steps = direction * ((Number) offset).longValue();
          int step = steps < 0 ? -1 : 1;
          long at = ignoreNulls ? i : i + steps;
          for (long left = ignoreNulls ? Math.abs(steps) : 0;
              left > 0 && at >= 0 && at < partition.size(); ) {
            at += step;
            if (at >= 0
                && at < partition.size()
                && arguments.get(0).of(partition.row((int) at)) != null) {
              left--;
            }
          }
          return at >= 0 && at < partition.size()
              ? arguments.get(0).of(partition.row((int) at))
              : arguments.size() > 2 ? arguments.get(2).of(row) : null;
        });
  }

  static WindowFunction first(Argument value, boolean ignoreNulls) {
    return (partition, frame, column) -> {
      for (int i = 0; i < partition.size(); i++) {
        int last = frame.last(partition, i);
        Object found = null;
        for (int j = frame.first(partition, i); j <= last; j++) {
          found = value.of(partition.row(j));
          if (found != null || !ignoreNulls) {
            break;
          }
        }
        partition.row(i)[column] = found;
      }
    };
  }

  static WindowFunction last(Argument value, boolean ignoreNulls) {
    return (partition, frame, column) -> {
      for (int i = 0; i < partition.size(); i++) {
        int first = frame.first(partition, i);
        Object found = null;
        for (int j = frame.last(partition, i); j >= first && j >= 0; j--) {
          found = value.of(partition.row(j));
          if (found != null || !ignoreNulls) {
            break;
          }
        }
        partition.row(i)[column] = found;
      }
    };
  }

  static WindowFunction nth(Argument value, Argument place) {
    return (partition, frame, column) -> {
      for (int i = 0; i < partition.size(); i++) {
        Object nth = place.of(partition.row(i));
        long at = nth == null ? -1 : frame.first(partition, i) + ((Number) nth).longValue() - 1;
        partition.row(i)[column] =
            at >= frame.first(partition, i) && at <= frame.last(partition, i)
                ? value.of(partition.row((int) at))
                : null;
      }
    };
  }

  static WindowFunction aggregate(AggregateColumn aggregate) {
    return (partition, frame, column) -> {
      var columns = new AggregateColumn[] {aggregate};
      var running = new GroupAccumulators(columns);
      int added = 0;
      Object value = null;
      for (int i = 0; i < partition.size(); i++) {
        int first = frame.first(partition, i);
        int last = frame.last(partition, i);
        if (!frame.grows()) {
          running = new GroupAccumulators(columns);
          added = first;
        }
        boolean changed = i == 0 || !frame.grows() || added <= last;
        for (; added <= last; added++) {
          running.add(partition.row(added), new Place(0, 0, added, 0));
        }
        value = changed ? running.value(0) : value;
        partition.row(i)[column] = value;
      }
    };
  }
}
