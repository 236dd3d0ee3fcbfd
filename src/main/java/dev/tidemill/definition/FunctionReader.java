package dev.tidemill.definition;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads {@code functions:}. What the classes hold is looked at later. */
final class FunctionReader {
  private FunctionReader() {}

  /** Those that could be read, in the order of the file. */
  static List<FunctionDefinition> read(Document document, Section pipeline) {
    List<FunctionDefinition> functions = new ArrayList<>();
    if (pipeline.has("functions")) {
      pipeline
          .named("functions")
          .ifPresent(
              named -> {
                if (named.names().isEmpty()) {
                  pipeline.problemAt(
                      "functions", "there is no function; name one, or remove 'functions'");
                }
                named.checkSpelling("functions");
                for (String name : named.names()) {
                  named.checkName(name, Names::function);
                  named
                      .section(name, Vocabulary.FUNCTION)
                      .flatMap(function -> read(document, name, function))
                      .ifPresent(functions::add);
                }
              });
    }
    return functions;
  }

  private static Optional<FunctionDefinition> read(
      Document document, String name, Section function) {
    Optional<String> className = function.text("class", Names::javaClass);
    Optional<Optional<Path>> jar =
        function.has("jar")
            ? function.text("jar", path -> Optional.of(jar(path, document.resolve(path))))
            : Optional.of(Optional.empty());
    return className.flatMap(c -> jar.map(j -> new FunctionDefinition(name, c, j)));
  }

  private static Path jar(String written, Path file) {
    if (!Files.isRegularFile(file)) {
      throw new IllegalArgumentException(
          "there is no jar '%s'; its path is relative to this file".formatted(written));
    }
    return file;
  }
}
