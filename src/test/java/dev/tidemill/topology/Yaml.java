package dev.tidemill.topology;

import dev.tidemill.sql.CompiledPipeline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A pipeline that a test writes down as a user does. */
final class Yaml {
  private final Path folder;

  Yaml(Path folder) {
    this.folder = folder;
  }

  Yaml file(String name, String content) {
    try {
      Files.writeString(Files.createDirectories(folder).resolve(name), content);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  CompiledPipeline compile(String yaml) {
    file("pipeline.yaml", yaml);
    var checked = CompiledPipeline.check(folder.resolve("pipeline.yaml"), name -> null);
    return checked.pipeline().orElseThrow(() -> new AssertionError(checked.problems()));
  }
}
