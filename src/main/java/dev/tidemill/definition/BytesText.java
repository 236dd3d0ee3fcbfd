package dev.tidemill.definition;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How amounts of memory are written: {@code 256MB}. A KB is 1024 bytes, and so on. */
final class BytesText {
  private static final Pattern WRITTEN = Pattern.compile("([0-9]{1,9})(KB|MB|GB)");

  private BytesText() {}

  /**
   * @return bytes
   * @throws IllegalArgumentException if it is not an amount
   */
  static long parse(String text) {
    Matcher written = WRITTEN.matcher(text);
    if (!written.matches()) {
      throw new IllegalArgumentException(
          "'%s' is not an amount of memory; write a number with KB, MB or GB, such as 256MB"
              .formatted(text));
    }
    int shift =
        switch (written.group(2)) {
          case "KB" -> 10;
          case "MB" -> 20;
          default -> 30;
        };
    return Long.parseLong(written.group(1)) << shift;
  }
}
