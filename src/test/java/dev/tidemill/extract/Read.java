package dev.tidemill.extract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.definition.FileLayout;
import dev.tidemill.definition.FilePolicies;
import dev.tidemill.definition.Origin;
import dev.tidemill.definition.Origin.Format;
import dev.tidemill.definition.Publishing;
import dev.tidemill.schema.DecodeException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;

/**
 * What a file is read as.
 *
 * @param rows as text; one that can not be read is its reason
 */
record Read(List<FileRow> raw, List<String> rows) {

  static Read from(InputFile file, Place from, Format format, FileLayout layout, Schema schema)
      throws IOException {
    return from(file, from, format, layout, schema, FilePolicies.STOP);
  }

  static Read from(
      InputFile file,
      Place from,
      Format format,
      FileLayout layout,
      Schema schema,
      FilePolicies policies)
      throws IOException {
    Read read = new Read(new ArrayList<>(), new ArrayList<>());
    Origin.Files origin =
        new Origin.Files(file.path(), format, layout, Publishing.to(1), Optional.empty(), policies);
    try (FileRows rows = FileRows.of(origin, schema).open(file, from)) {
      for (Optional<FileRow> row = rows.next(); row.isPresent(); row = rows.next()) {
        read.raw.add(row.get());
        read.rows.add(values(row.get()));
      }
    }
    return read;
  }

  private static String values(FileRow row) {
    try {
      return Arrays.toString(row.values());
    } catch (DecodeException e) {
      return e.getMessage();
    }
  }

  /** From the start; and from behind each row there comes just the rest. */
  static Read anywhere(InputFile file, Format format, FileLayout layout, Schema schema)
      throws IOException {
    Read all = from(file, Place.START, format, layout, schema);
    for (int i = 0; i < all.rows.size(); i++) {
      Read rest = from(file, all.raw.get(i).next(), format, layout, schema);
      assertThat(rest.rows).isEqualTo(all.rows.subList(i + 1, all.rows.size()));
      assertThat(rest.raw)
          .extracting(FileRow::place)
          .isEqualTo(all.raw.stream().skip(i + 1L).map(FileRow::place).toList());
    }
    return all;
  }
}
