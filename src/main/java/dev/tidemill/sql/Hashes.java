package dev.tidemill.sql;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.apache.calcite.linq4j.function.Strict;

/**
 * Hashes of a text's UTF-8 bytes, as lower-case hexadecimal digits. Public only because generated
 * code calls it; not for use.
 */
@Strict
public final class Hashes {
  private Hashes() {}

  public static String md5(String text) {
    return hex("MD5", text);
  }

  public static String sha1(String text) {
    return hex("SHA-1", text);
  }

  public static String sha256(String text) {
    return hex("SHA-256", text);
  }

  public static String sha512(String text) {
    return hex("SHA-512", text);
  }

  private static String hex(String algorithm, String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance(algorithm).digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("This Java has no " + algorithm, e);
    }
  }
}
