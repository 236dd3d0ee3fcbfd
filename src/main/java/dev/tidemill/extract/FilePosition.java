package dev.tidemill.extract;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * How far a file is published.
 *
 * @param name the file's when it was read first
 * @param stamp of the file when it was read last
 * @param next the first row that is not
 * @param bytes how much of the file on the disk was needed for that
 * @param rows how many are, unreadable ones included
 * @param fingerprint of what was read
 * @param done whether this was the end of the file
 * @param expected how many rows a manifest says that there are
 * @param refused whether one of the rows is none, but the reject of a file that is not what it
 *     should be; it says all that there is to say
 * @param unread whether that reject is all: its manifest said other bytes or another checksum. It
 *     is read when that is put right
 */
record FilePosition(
    String name,
    InputFile.Stamp stamp,
    Place next,
    long bytes,
    long rows,
    Fingerprint fingerprint,
    boolean done,
    OptionalLong expected,
    boolean refused,
    boolean unread) {

  FilePosition {
    requireNonNull(name, "name");
    requireNonNull(stamp, "stamp");
    requireNonNull(next, "next");
    requireNonNull(fingerprint, "fingerprint");
    requireNonNull(expected, "expected");
  }

  /** Of a file of which nothing is published. */
  static FilePosition start(InputFile file) {
    return new FilePosition(
        file.name(),
        file.stamp(),
        Place.START,
        0,
        0,
        Fingerprint.NONE,
        false,
        OptionalLong.empty(),
        false,
        false);
  }

  /** Of a file of which nothing is published but a reject; whatever takes its place is the file. */
  static FilePosition unread(InputFile file, String name) {
    return new FilePosition(
        name,
        file.stamp(),
        Place.START,
        0,
        1,
        Fingerprint.NONE,
        true,
        OptionalLong.empty(),
        true,
        true);
  }

  /** The same, with what a manifest says. */
  FilePosition expecting(OptionalLong rowsExpected) {
    return new FilePosition(
        name, stamp, next, bytes, rows, fingerprint, done, rowsExpected, refused, unread);
  }

  /** Whether all rows are there that are expected; or that is a reject. */
  boolean isConfirmed() {
    return expected.isEmpty() || refused || done && rows == expected.getAsLong();
  }

  /**
   * Those that were read to their end and do not have the rows of their manifest, for people.
   *
   * @param files by their identities
   */
  static List<String> different(Map<String, FilePosition> files) {
    return files.entrySet().stream()
        .filter(file -> file.getValue().done() && !file.getValue().isConfirmed())
        .map(
            file ->
                "%s has %,d rows, and its manifest says %,d"
                    .formatted(
                        file.getKey(),
                        file.getValue().rows(),
                        file.getValue().expected().orElseThrow()))
        .toList();
  }

  /** As {@link #different(Map)}, of whatever has been read. */
  static List<String> different(Positions positions) {
    if (positions.expected().isConfirmed()) {
      return List.of();
    }
    Map<String, FilePosition> files = new TreeMap<>();
    positions.entries().forEach((identity, json) -> files.put(identity, of(identity, json)));
    return different(files);
  }

  /** Whether {@code file} begins with what was read. */
  boolean isStartOf(InputFile file) throws IOException {
    return file.bytes() >= bytes && fingerprint.matches(file.path(), bytes);
  }

  /**
   * Whether {@code file} is the one that was read, under whatever name. A file system gives the
   * inode of a deleted file to the next one, which may have the same content: then their times
   * differ.
   */
  boolean isSame(InputFile file) throws IOException {
    return stamp.inode() != 0
        && stamp.inode() == file.stamp().inode()
        && fingerprint.bytes() > 0
        && (file.bytes() > bytes || stamp.modifiedMs() == file.stamp().modifiedMs())
        && isStartOf(file);
  }

  /** As it is in the {@link PositionTopic}. */
  JsonNode json() {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("file", name)
            .put("inode", stamp.inode())
            .put("modified", stamp.modifiedMs())
            .put("offset", next.offset())
            .put("behind", next.behind())
            .put("line", next.line())
            .put("bytes", bytes)
            .put("rows", rows)
            .put("fingerprintBytes", fingerprint.bytes())
            .put("fingerprint", fingerprint.crc())
            .put("done", done);
    expected.ifPresent(manifest -> json.put("expected", manifest));
    if (refused) {
      json.put("refused", true);
    }
    if (unread) {
      json.put("unread", true);
    }
    fingerprint.last().ifPresent(last -> json.put("fingerprintLast", last));
    return json;
  }

  /**
   * @param identity under which it is kept
   */
  static FilePosition of(String identity, JsonNode json) {
    return new FilePosition(
        json.path("file").asText(identity),
        new InputFile.Stamp(json.path("inode").asLong(), json.path("modified").asLong()),
        new Place(
            json.path("offset").asLong(), json.path("behind").asLong(), json.path("line").asLong()),
        json.path("bytes").asLong(),
        json.path("rows").asLong(),
        new Fingerprint(
            json.path("fingerprintBytes").asInt(),
            json.path("fingerprint").asLong(),
            json.has("fingerprintLast")
                ? OptionalLong.of(json.get("fingerprintLast").asLong())
                : OptionalLong.empty()),
        json.path("done").asBoolean(),
        json.has("expected")
            ? OptionalLong.of(json.get("expected").asLong())
            : OptionalLong.empty(),
        json.path("refused").asBoolean(),
        json.path("unread").asBoolean());
  }
}
