package dev.tidemill.definition;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads {@code require:}. */
final class RequirementReader {
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?[0-9]+(\\.[0-9]+)?([eE][+-]?[0-9]+)?");

  private RequirementReader() {}

  /** Those that could be read, in the order of the file. */
  static List<Requirement> read(Section pipeline) {
    List<Requirement> requirements = new ArrayList<>();
    if (pipeline.has("require")) {
      pipeline
          .named("require")
          .ifPresent(
              require -> {
                if (require.names().isEmpty()) {
                  pipeline.problemAt("require", "there is no gate; write one, or remove 'require'");
                }
                for (String name : require.names()) {
                  require.checkName(name, Names::gate);
                  read(require, name).ifPresent(requirements::add);
                }
              });
    }
    return requirements;
  }

  private static Optional<Requirement> read(Section require, String name) {
    if (!require.isMapping(name)) {
      return require.text(name, text -> written(name, text));
    }
    return require
        .section(name, Vocabulary.GATE)
        .flatMap(
            gate -> {
              Optional<String> sql =
                  gate.has("sql") ? gate.text("sql").map(Text::value) : Optional.empty();
              Optional<String> is =
                  gate.has("is")
                      ? gate.scalar("is").flatMap(text -> text.as(RequirementReader::number))
                      : Optional.empty();
              return sql.flatMap(s -> is.map(i -> new Requirement(name, sql, i)));
            });
  }

  private static Requirement written(String name, String condition) {
    if (condition.isBlank()) {
      throw new IllegalArgumentException("the gate is empty; write a condition");
    }
    return new Requirement(name, Optional.empty(), condition);
  }

  private static String number(String text) {
    if (!NUMBER.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "'is' must be a number, not '%s'; for anything else write the gate as a condition: (SELECT …) >= 10"
              .formatted(text));
    }
    return text;
  }
}
