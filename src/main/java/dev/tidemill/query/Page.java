package dev.tidemill.query;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.Optional;

/**
 * Where an answer over all rows goes on.
 *
 * @param batch id of the batch that it belongs to
 * @param share the share to go on with
 * @param after the group to go on behind; empty for the share's beginning
 * @param rows rows of the share that were given before
 * @param attempt of the batch, whose rows were given; 0 if they were provisional
 * @param skipped shares that were left out before
 */
record Page(
    String batch, int share, Optional<byte[]> after, long rows, int attempt, boolean skipped) {
  private static final byte VERSION = 1;

  static Page first(String batch) {
    return new Page(batch, 0, Optional.empty(), 0, 0, false);
  }

  boolean isFirst() {
    return share == 0 && after.isEmpty();
  }

  String token() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      out.writeUTF(batch);
      out.writeInt(share);
      out.writeLong(rows);
      out.writeInt(attempt);
      out.writeBoolean(skipped);
      out.writeBoolean(after.isPresent());
      if (after.isPresent()) {
        out.write(after.get());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.toByteArray());
  }

  static Page of(String token, String batch, int shares) throws QueryProblem {
    try (DataInputStream in =
        new DataInputStream(
            new ByteArrayInputStream(Base64.getUrlDecoder().decode(token.getBytes(UTF_8))))) {
      boolean known = in.readByte() == VERSION;
      String of = in.readUTF();
      int share = in.readInt();
      long rows = in.readLong();
      int attempt = in.readInt();
      boolean skipped = in.readBoolean();
      Optional<byte[]> after = in.readBoolean() ? Optional.of(in.readAllBytes()) : Optional.empty();
      if (known && of.equals(batch) && share >= 0 && share < shares && rows >= 0 && attempt >= 0) {
        return new Page(batch, share, after, rows, attempt, skipped);
      }
    } catch (IOException | IllegalArgumentException e) {
      // Told below.
    }
    throw new QueryProblem(
        QueryProblem.Kind.BAD_QUESTION,
        "'page' is not one that an answer of this batch gave as 'next'; begin without it");
  }
}
