package dev.tidemill.load;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.core.Oid;
import org.postgresql.util.ByteConverter;

/**
 * {@code COPY … FROM STDIN} in the binary format: nothing to escape, no dependence on the server's
 * DateStyle or time zone, and doubles to the last bit.
 */
final class PostgresCopy implements RowWriter {
  private static final byte[] SIGNATURE = {
    'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0
  };
  private static final int BUFFER = 1 << 16; // bytes
  private static final long EPOCH_MS = Instant.parse("2000-01-01T00:00:00Z").toEpochMilli();
  private static final int EPOCH_DAYS = (int) (EPOCH_MS / 86_400_000);

  private final CopyIn copy;
  private final List<Column> columns;
  private final ByteArrayOutputStream buffer = new ByteArrayOutputStream(BUFFER + 4096);
  private DataOutputStream out = new DataOutputStream(buffer);

  PostgresCopy(Connection connection, TableName staging, List<Column> columns) throws SQLException {
    this.columns = columns;
    String names =
        columns.stream()
            .map(column -> TableName.quote(column.name()))
            .collect(Collectors.joining(", "));
    this.copy =
        connection
            .unwrap(PGConnection.class)
            .getCopyAPI()
            .copyIn("COPY " + staging.quoted() + " (" + names + ") FROM STDIN (FORMAT binary)");
    buffer.writeBytes(SIGNATURE);
    buffer.writeBytes(new byte[8]); // flags and the length of the header's extension
  }

  @Override
  public void write(Instant batch, int share, int attempt, long offset, Object[] row)
      throws SQLException {
    try {
      out.writeShort(columns.size());
      timestamp(batch.toEpochMilli());
      integer(share);
      integer(attempt);
      bigint(offset);
      for (Column column : columns) {
        if (column.field() >= 0) {
          value(column, row[column.field()]);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e); // A byte array takes everything.
    }
    if (buffer.size() >= BUFFER) {
      flush();
    }
  }

  @Override
  public void finish() throws SQLException {
    buffer.writeBytes(new byte[] {(byte) 0xff, (byte) 0xff});
    flush();
    copy.endCopy();
  }

  @Override
  public void close() throws SQLException {
    if (copy.isActive()) {
      copy.cancelCopy();
    }
  }

  private void flush() throws SQLException {
    copy.writeToCopy(buffer.toByteArray(), 0, buffer.size());
    buffer.reset();
  }

  private void value(Column column, Object value) throws IOException {
    if (value == null) {
      out.writeInt(-1);
      return;
    }
    switch (column.kind()) {
      case BOOLEAN -> bytes(new byte[] {(byte) ((Boolean) value ? 1 : 0)});
      case INTEGER -> integer((Integer) value);
      case BIGINT -> bigint((Long) value);
      case REAL -> integer(Float.floatToRawIntBits((Float) value));
      case DOUBLE -> bigint(Double.doubleToRawLongBits((Double) value));
      case TEXT -> bytes(((String) value).getBytes(StandardCharsets.UTF_8));
      case BYTES -> bytes((byte[]) value);
      case DECIMAL -> bytes(ByteConverter.numeric((BigDecimal) value));
      case DATE -> integer((Integer) value - EPOCH_DAYS);
      case TIME -> bigint((Integer) value * 1000L);
      case TIMESTAMP -> timestamp((Long) value);
      case ARRAY -> array(column.element().orElseThrow(), (List<?>) value);
    }
  }

  /** As PostgreSQL's array_recv reads it; its length comes first, so it is written aside. */
  private void array(Column element, List<?> values) throws IOException {
    var aside = new ByteArrayOutputStream(20 + 8 * values.size());
    DataOutputStream before = out;
    out = new DataOutputStream(aside);
    out.writeInt(values.isEmpty() ? 0 : 1); // dimensions
    out.writeInt(values.stream().anyMatch(Objects::isNull) ? 1 : 0);
    out.writeInt(oid(element.kind()));
    if (!values.isEmpty()) {
      out.writeInt(values.size());
      out.writeInt(1); // the index of the first
    }
    for (Object value : values) {
      value(element, value);
    }
    out = before;
    bytes(aside.toByteArray());
  }

  private static int oid(ColumnKind kind) {
    return switch (kind) {
      case BOOLEAN -> Oid.BOOL;
      case INTEGER -> Oid.INT4;
      case BIGINT -> Oid.INT8;
      case REAL -> Oid.FLOAT4;
      case DOUBLE -> Oid.FLOAT8;
      case TEXT -> Oid.TEXT;
      case BYTES -> Oid.BYTEA;
      case DECIMAL -> Oid.NUMERIC;
      case DATE -> Oid.DATE;
      case TIME -> Oid.TIME;
      case TIMESTAMP -> Oid.TIMESTAMPTZ;
      case ARRAY -> throw new IllegalArgumentException("an array of arrays");
    };
  }

  private void timestamp(long ms) throws IOException {
    bigint((ms - EPOCH_MS) * 1000L);
  }

  private void integer(int value) throws IOException {
    out.writeInt(Integer.BYTES);
    out.writeInt(value);
  }

  private void bigint(long value) throws IOException {
    out.writeInt(Long.BYTES);
    out.writeLong(value);
  }

  private void bytes(byte[] value) throws IOException {
    out.writeInt(value.length);
    out.write(value);
  }
}
