package dev.tidemill.schema;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemill.definition.Unavailable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;

/** Where schemas are found, and what they are called in the registry. */
public final class Schemas {
  private Schemas() {}

  /** The registry's name for the values of a topic. */
  public static String valueSubject(String topic) {
    return topic + "-value";
  }

  /**
   * One of our own schemas.
   *
   * @param name of the file under {@code schemas/}
   */
  public static Schema own(String name) {
    String resource = "/schemas/" + name;
    try (InputStream in = Schemas.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException(
            resource + " is not on the class path: the build is incomplete");
      }
      return parse(new String(in.readAllBytes(), UTF_8), resource);
    } catch (IOException e) {
      throw new UncheckedIOException(resource, e);
    }
  }

  /**
   * @throws Unavailable if the file can not be read
   * @throws IllegalArgumentException if it is no Avro schema; names the file and the reason
   */
  public static Schema load(Path file) {
    String text;
    try {
      text = Files.readString(file);
    } catch (IOException e) {
      throw new Unavailable("schema " + file + " can not be read: " + e, e);
    }
    return parse(text, file.toString());
  }

  /**
   * @param where named in the message
   * @throws IllegalArgumentException if the text is no Avro schema
   */
  public static Schema parse(String text, String where) {
    try {
      return new Schema.Parser().parse(text);
    } catch (AvroRuntimeException e) {
      throw new IllegalArgumentException(where + " is not an Avro schema: " + e.getMessage(), e);
    }
  }
}
