package dev.tidemill.sql;

import java.util.Map;
import java.util.TreeMap;

/**
 * APPROX_COUNT_DISTINCT: a HyperLogLog of {@value #REGISTERS} registers, which is off by 1.6 % in
 * two cases of three. A register holds the maximum of what came, so no order matters; libraries
 * that also keep Flajolet's running estimate (HIP) depend on it. The estimator is Ertl's (New
 * cardinality estimation algorithms for HyperLogLog sketches, 2017, algorithm 6), which needs no
 * tables.
 */
final class HyperLogLog extends Accumulator {
  private static final int INDEX_BITS = 12;
  private static final int REGISTERS = 1 << INDEX_BITS;
  private static final int MAX_RANK = Long.SIZE - INDEX_BITS;
  private static final int MAX_SPARSE = 256;

  private final ValueType[] types;

  /** Registers that are not 0, while they are few; then null. */
  private TreeMap<Integer, Byte> sparse = new TreeMap<>();

  private byte[] dense;

  HyperLogLog(ValueType[] types) {
    this.types = types.clone();
  }

  @Override
  void add(Object value) {
    if (value != null) {
      long hash = hash(ValueType.bytes(types, value));
      int rank = Long.numberOfLeadingZeros(hash << INDEX_BITS | 1L << (INDEX_BITS - 1)) + 1;
      raise((int) (hash >>> MAX_RANK), (byte) rank);
    }
  }

  /** FNV-1a, mixed by the finaliser of MurmurHash3: never to be changed, states hold it. */
  private static long hash(byte[] bytes) {
    long hash = 0xcbf29ce484222325L;
    for (byte b : bytes) {
      hash = (hash ^ (b & 0xFF)) * 0x100000001b3L;
    }
    hash = (hash ^ hash >>> 33) * 0xff51afd7ed558ccdL;
    hash = (hash ^ hash >>> 33) * 0xc4ceb9fe1a85ec53L;
    return hash ^ hash >>> 33;
  }

  private void raise(int register, byte rank) {
    if (dense != null) {
      dense[register] = (byte) Math.max(dense[register], rank);
      return;
    }
    sparse.merge(register, rank, (a, b) -> a > b ? a : b);
    if (sparse.size() > MAX_SPARSE) {
      dense = new byte[REGISTERS];
      sparse.forEach((index, value) -> dense[index] = value);
      sparse = null;
    }
  }

  @Override
  void merge(Accumulator other) {
    var sketch = (HyperLogLog) other;
    if (sketch.dense == null) {
      sketch.sparse.forEach(this::raise);
      return;
    }
    for (int i = 0; i < REGISTERS; i++) {
      if (sketch.dense[i] > 0) {
        raise(i, sketch.dense[i]);
      }
    }
  }

  /** The number of registers that are not 0 decides on the form: equal sets write equal bytes. */
  @Override
  void encode(Bytes out) {
    if (dense != null) {
      out.writeVarint(REGISTERS);
      for (byte register : dense) {
        out.writeByte(register);
      }
      return;
    }
    out.writeVarint(sparse.size());
    for (Map.Entry<Integer, Byte> register : sparse.entrySet()) {
      out.writeVarint(register.getKey());
      out.writeByte(register.getValue());
    }
  }

  @Override
  void decode(BytesReader in) {
    int size = (int) in.readVarint();
    sparse = new TreeMap<>();
    dense = null;
    for (int i = 0; i < size; i++) {
      int register = size == REGISTERS ? i : (int) in.readVarint();
      byte rank = (byte) in.readByte();
      if (rank > 0) {
        raise(register, rank);
      }
    }
  }

  @Override
  Object value() {
    int[] histogram = new int[MAX_RANK + 2];
    int filled = dense == null ? sparse.size() : REGISTERS;
    histogram[0] = REGISTERS - filled;
    if (dense == null) {
      sparse.values().forEach(rank -> histogram[rank]++);
    } else {
      for (byte rank : dense) {
        histogram[rank]++;
      }
    }
    double m = REGISTERS;
    double z = m * tau(1 - histogram[MAX_RANK + 1] / m);
    for (int rank = MAX_RANK; rank >= 1; rank--) {
      z = 0.5 * (z + histogram[rank]);
    }
    z += m * sigma(histogram[0] / m);
    return Math.round(m / (2 * StrictMath.log(2)) * m / z);
  }

  private static double sigma(double x) {
    if (x == 1) {
      return Double.POSITIVE_INFINITY;
    }
    double power = x;
    double weight = 1;
    double sum = x;
    double before;
    do {
      power *= power;
      before = sum;
      sum += power * weight;
      weight += weight;
    } while (sum != before);
    return sum;
  }

  private static double tau(double x) {
    if (x == 0 || x == 1) {
      return 0;
    }
    double root = x;
    double weight = 1;
    double sum = 1 - x;
    double before;
    do {
      root = Math.sqrt(root);
      before = sum;
      weight *= 0.5;
      sum -= (1 - root) * (1 - root) * weight;
    } while (sum != before);
    return sum / 3;
  }
}
