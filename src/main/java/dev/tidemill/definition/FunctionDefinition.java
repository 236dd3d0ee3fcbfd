package dev.tidemill.definition;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A function that the user brings. Immutable.
 *
 * @param name what the SQL calls it
 * @param className the Java class that has it
 * @param jar where the class is; empty: on the class path
 */
public record FunctionDefinition(String name, String className, Optional<Path> jar) {
  public FunctionDefinition {
    requireNonNull(name, "name");
    requireNonNull(className, "className");
    requireNonNull(jar, "jar");
  }
}
