package dev.tidemill.definition;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where somebody who delivers files says what is in them.
 *
 * @param path absolute and normalized; what it means, {@link FilePattern} says
 * @param suffix each manifest is of the file whose name it has before this; empty: manifests name
 *     their files
 */
public record ManifestFiles(Path path, Optional<String> suffix) {
  public ManifestFiles {
    requireNonNull(path, "path");
    requireNonNull(suffix, "suffix");
  }
}
