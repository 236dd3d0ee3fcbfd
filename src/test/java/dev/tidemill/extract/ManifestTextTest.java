package dev.tidemill.extract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.extract.ManifestEntry.Checksum;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ManifestTextTest {
  private static final Path MANIFEST = Path.of("/in/day/manifest");
  private static final String SHA_256 = "AB".repeat(32);

  private static Map<Path, ManifestEntry> read(String text) {
    return ManifestText.read(MANIFEST, Optional.empty(), text);
  }

  private static ManifestEntry entry(long rows, long bytes, String algorithm, String hex) {
    return new ManifestEntry(
        MANIFEST,
        rows < 0 ? OptionalLong.empty() : OptionalLong.of(rows),
        bytes < 0 ? OptionalLong.empty() : OptionalLong.of(bytes),
        hex.isEmpty() ? Optional.empty() : Optional.of(new Checksum(algorithm, hex)));
  }

  @Test
  void json_has_a_list_of_files_beside_the_manifest() {
    assertThat(
            read(
                """
                {"created": "2026-11-27", "files": [
                  {"name": "a.csv", "rows": 3, "bytes": 70, "sha256": "%s"},
                  {"name": "../b.csv", "rows": 0}]}
                """
                    .formatted(SHA_256)))
        .isEqualTo(
            Map.of(
                Path.of("/in/day/a.csv"), entry(3, 70, "SHA-256", "ab".repeat(32)),
                Path.of("/in/b.csv"), entry(0, -1, "", "")));
  }

  @Test
  void what_is_about_one_file_needs_no_name() {
    Optional<Path> about = Optional.of(Path.of("/in/day/a.csv"));
    assertThat(ManifestText.read(MANIFEST, about, "{\"rows\": 3}"))
        .isEqualTo(Map.of(about.get(), entry(3, -1, "", "")));
    assertThat(ManifestText.read(MANIFEST, about, SHA_256 + "\r\n"))
        .isEqualTo(Map.of(about.get(), entry(-1, -1, "SHA-256", "ab".repeat(32))));
  }

  @Test
  void lines_are_those_of_md5sum_and_its_like() {
    String md5 = "0".repeat(32);
    String sha1 = "1".repeat(40);
    assertThat(read(md5 + "  a b.csv\n" + sha1 + " *sub/c.csv\n\n"))
        .isEqualTo(
            Map.of(
                Path.of("/in/day/a b.csv"), entry(-1, -1, "MD5", md5),
                Path.of("/in/day/sub/c.csv"), entry(-1, -1, "SHA-1", sha1)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"files\": [{\"name\": | it is not JSON (line 1, column 20",
        "{\"files\": [{\"name\": \"a\", \"row\": 1}]} | it needs 'rows', 'bytes' or 'sha256' for each file",
        "{\"files\": [{\"rows\": 1}]} | a file in it has no name",
        "{\"files\": [{\"name\": \"a\", \"rows\": 1.5}]} | 'rows' has to be a whole number",
        "{\"files\": [{\"name\": \"a\", \"bytes\": -1}]} | 'bytes' has to be a whole number",
        "{\"files\": [{\"name\": \"a\", \"sha256\": \"ab\"}]} | 'sha256' has to be 64 hexadecimal digits",
        "{\"files\": [{\"name\": \"a\", \"rows\": 1}, {\"name\": \"./a\", \"rows\": 1}]} | /in/day/a is in it twice",
        "a.csv,3 | line 1 is neither JSON nor a checksum and a name",
      })
  void what_is_wrong_is_said(String text) {
    String[] parts = text.split(" \\| ");
    assertThatThrownBy(() -> read(parts[0]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(parts[1]);
  }
}
