package dev.tidemill.definition;

import java.nio.file.Path;
import java.util.List;

/**
 * What extractors of this process may read.
 *
 * @param baseDirectories absolute; files have to lie in one of them, wherever links lead. None: in
 *     the folder that the definition names
 */
public record ExtractSettings(List<Path> baseDirectories) {
  public static final ExtractSettings NONE = new ExtractSettings(List.of());

  public ExtractSettings {
    baseDirectories = List.copyOf(baseDirectories);
  }
}
