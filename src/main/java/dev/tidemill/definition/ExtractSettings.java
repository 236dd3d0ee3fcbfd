package dev.tidemill.definition;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What extractors of this process may do.
 *
 * @param baseDirectories absolute; files have to lie in one of them, wherever links lead. None: in
 *     the folder that the definition names
 * @param rate how fast all of them may publish together; empty: as fast as they can
 */
public record ExtractSettings(List<Path> baseDirectories, Optional<Rate> rate) {
  public static final ExtractSettings NONE = new ExtractSettings(List.of(), Optional.empty());

  public ExtractSettings {
    baseDirectories = List.copyOf(baseDirectories);
    requireNonNull(rate, "rate");
  }
}
