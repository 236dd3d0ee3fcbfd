package dev.tidemill.extract;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemill.extract.ManifestEntry.Checksum;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The text of a manifest: JSON, or lines as {@code sha256sum} writes them. */
final class ManifestText {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A checksum, and the file's name behind a space and what GNU calls the mode. */
  private static final Pattern LINE = Pattern.compile("([0-9a-fA-F]+)(?: [ *](.+))?");

  /** By how many hexadecimal digits there are. */
  private static final Map<Integer, String> ALGORITHMS =
      Map.of(32, "MD5", 40, "SHA-1", 64, "SHA-256", 128, "SHA-512");

  private final Path manifest;
  private final Optional<Path> about;
  private final Map<Path, ManifestEntry> entries = new HashMap<>();

  private ManifestText(Path manifest, Optional<Path> about) {
    this.manifest = manifest;
    this.about = about;
  }

  /**
   * @param about the file that an entry without a name is about
   * @return by file; names are relative to the manifest's folder
   * @throws IllegalArgumentException with what is wrong, and in which line if there is one
   */
  static Map<Path, ManifestEntry> read(Path manifest, Optional<Path> about, String text) {
    ManifestText read = new ManifestText(manifest, about);
    if (text.stripLeading().startsWith("{")) {
      read.json(text);
    } else {
      read.lines(text);
    }
    return read.entries;
  }

  private void json(String text) {
    try {
      JsonNode json = JSON.readTree(text);
      if (json.has("files")) {
        json.get("files").forEach(this::entry);
      } else {
        entry(json);
      }
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "it is not JSON (line %d, column %d: %s)"
              .formatted(
                  e.getLocation().getLineNr(),
                  e.getLocation().getColumnNr(),
                  e.getOriginalMessage()),
          e);
    }
  }

  private void entry(JsonNode json) {
    Optional<String> checksum =
        Optional.ofNullable(json.get("sha256")).map(JsonNode::asText).map(String::strip);
    if (checksum.isPresent() && !checksum.get().matches("[0-9a-fA-F]{64}")) {
      throw new IllegalArgumentException("'sha256' has to be 64 hexadecimal digits in " + json);
    }
    OptionalLong rows = number(json, "rows");
    OptionalLong bytes = number(json, "bytes");
    if (rows.isEmpty() && bytes.isEmpty() && checksum.isEmpty()) {
      throw new IllegalArgumentException(
          "it needs 'rows', 'bytes' or 'sha256' for each file, and there is none in " + json);
    }
    put(
        Optional.ofNullable(json.get("name")).map(JsonNode::asText),
        new ManifestEntry(manifest, rows, bytes, checksum.map(hex -> checksum("SHA-256", hex))));
  }

  private static OptionalLong number(JsonNode json, String name) {
    if (!json.has(name)) {
      return OptionalLong.empty();
    }
    if (!json.get(name).canConvertToExactIntegral() || json.get(name).asLong() < 0) {
      throw new IllegalArgumentException("'" + name + "' has to be a whole number in " + json);
    }
    return OptionalLong.of(json.get(name).asLong());
  }

  private void lines(String text) {
    List<String> lines = text.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).isBlank()) {
        continue;
      }
      Matcher line = LINE.matcher(lines.get(i).stripTrailing());
      Optional<String> algorithm =
          line.matches()
              ? Optional.ofNullable(ALGORITHMS.get(line.group(1).length()))
              : Optional.empty();
      if (algorithm.isEmpty()) {
        throw new IllegalArgumentException(
            "line %d is neither JSON nor a checksum and a name, as md5sum and sha256sum write them"
                .formatted(i + 1));
      }
      put(
          Optional.ofNullable(line.group(2)),
          new ManifestEntry(
              manifest,
              OptionalLong.empty(),
              OptionalLong.empty(),
              Optional.of(checksum(algorithm.get(), line.group(1)))));
    }
  }

  private static Checksum checksum(String algorithm, String hex) {
    return new Checksum(algorithm, hex.toLowerCase(Locale.ROOT));
  }

  private void put(Optional<String> name, ManifestEntry entry) {
    Path file =
        name.map(written -> manifest.resolveSibling(written).normalize())
            .or(() -> about)
            .orElseThrow(() -> new IllegalArgumentException("a file in it has no name"));
    if (entries.put(file, entry) != null) {
      throw new IllegalArgumentException(file + " is in it twice");
    }
  }
}
