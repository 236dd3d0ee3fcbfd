package dev.tidemill.schema;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;

/** Text as it is written: what is not UTF-8 is refused, not repaired. */
final class Utf8 {
  private Utf8() {}

  static String text(byte[] bytes) throws DecodeException {
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new DecodeException("the text is not UTF-8");
    }
  }
}
