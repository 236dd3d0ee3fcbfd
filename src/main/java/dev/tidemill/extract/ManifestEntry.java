package dev.tidemill.extract;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a manifest says of one file.
 *
 * @param manifest where it is said
 * @param rows in the file, without a header
 * @param bytes on the disk
 * @param checksum of these bytes
 */
record ManifestEntry(
    Path manifest, OptionalLong rows, OptionalLong bytes, Optional<Checksum> checksum) {

  /**
   * @param algorithm by its name in Java
   * @param hex in lower case
   */
  record Checksum(String algorithm, String hex) {
    Checksum {
      requireNonNull(algorithm, "algorithm");
      requireNonNull(hex, "hex");
    }

    private String of(Path file) throws IOException {
      try (InputStream in = Files.newInputStream(file);
          DigestInputStream digested =
              new DigestInputStream(in, MessageDigest.getInstance(algorithm))) {
        byte[] buffer = new byte[1 << 16];
        while (digested.read(buffer) >= 0) {
          // only its digest is wanted
        }
        return HexFormat.of().formatHex(digested.getMessageDigest().digest());
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException(e); // each Java has these
      }
    }
  }

  ManifestEntry {
    requireNonNull(manifest, "manifest");
    requireNonNull(rows, "rows");
    requireNonNull(bytes, "bytes");
    requireNonNull(checksum, "checksum");
  }

  /** Whether it tells, without a look at any row, if a file is there to its end. */
  boolean tellsTheEnd() {
    return bytes.isPresent() || checksum.isPresent();
  }

  /** What is other than it says, rows aside; reads the whole file if there is a checksum. */
  Optional<String> difference(InputFile file) throws IOException {
    if (bytes.isPresent() && bytes.getAsLong() != file.bytes()) {
      return Optional.of(
          "has %d bytes, and its manifest %s says %d"
              .formatted(file.bytes(), manifest, bytes.getAsLong()));
    }
    if (checksum.isEmpty()) {
      return Optional.empty();
    }
    String found = checksum.get().of(file.path());
    return found.equals(checksum.get().hex())
        ? Optional.empty()
        : Optional.of(
            "has the %s %s, and its manifest %s says %s"
                .formatted(checksum.get().algorithm(), found, manifest, checksum.get().hex()));
  }
}
