package dev.tidemill.definition;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** One YAML file while it is being read: its text, its problems, and what was resolved in it. */
final class Document {
  private static final Set<Tag> TEXT_TAGS = Set.of(Tag.STR, Tag.ENV_TAG);
  private static final Set<Tag> KNOWN_TAGS =
      Set.of(
          Tag.STR,
          Tag.ENV_TAG,
          Tag.INT,
          Tag.FLOAT,
          Tag.BOOL,
          Tag.NULL,
          Tag.MAP,
          Tag.SEQ,
          Tag.MERGE);

  private final Path folder;
  private final FileText text;
  private final Problems problems;
  private final Environment environment;
  private final Map<List<String>, ScalarText> texts = new HashMap<>();

  /**
   * @param folder what relative paths in the file are relative to
   */
  Document(Path folder, FileText text, Problems problems, Environment environment) {
    this.folder = requireNonNull(folder, "folder");
    this.text = requireNonNull(text, "text");
    this.problems = requireNonNull(problems, "problems");
    this.environment = requireNonNull(environment, "environment");
  }

  /** An absolute path for one that is written in the file. */
  Path resolve(String path) {
    return folder.resolve(path).normalize();
  }

  /** With references to environment variables in the place of their values. */
  String redact(String text) {
    return environment.redact(text);
  }

  void problem(Position position, String message) {
    problems.add(position, message);
  }

  void problem(Node node, String message) {
    problem(positionOf(node), message);
  }

  Position positionOf(Node node) {
    return text.positionOf(node.getStartMark().orElseThrow().getIndex());
  }

  /** The texts that were read so far, by their path of keys. */
  SourceMap sourceMap(Optional<Node> root) {
    return new SourceMap(text, root, Map.copyOf(texts));
  }

  /** The mapping that {@code node} should be; reports it if it is something else. */
  Optional<Section> section(Node node, List<String> path, Keys keys) {
    return mapping(node, keys.name()).map(mapping -> Section.checked(this, mapping, path, keys));
  }

  /** A mapping whose keys are names that the user chose. */
  Optional<Section> names(Node node, List<String> path, String what) {
    return mapping(node, what).map(mapping -> Section.unchecked(this, mapping, path, what));
  }

  private Optional<MappingNode> mapping(Node node, String what) {
    if (node instanceof MappingNode mapping && isUntagged(node)) {
      return Optional.of(mapping);
    }
    return wrong(node, "'" + what + "' must be a mapping (key: value)");
  }

  Optional<List<Node>> list(Node node, String what) {
    if (node instanceof SequenceNode sequence && isUntagged(node)) {
      return Optional.of(sequence.getValue());
    }
    return wrong(node, "'" + what + "' must be a list (each item after '- ')");
  }

  /** The text that {@code node} should be, with environment variables resolved. */
  Optional<Text> text(Node node, List<String> path, String what) {
    if (node instanceof ScalarNode scalar && isUntagged(node)) {
      if (TEXT_TAGS.contains(node.getTag())) {
        return resolved(scalar, path);
      }
      if (node.getTag().equals(Tag.NULL)) {
        return wrong(node, "'" + what + "' has no value");
      }
      return wrong(
          node, "'%s' must be a text; put it in quotes: \"%s\"".formatted(what, scalar.getValue()));
    }
    return wrong(node, "'" + what + "' must be a text");
  }

  /** Any scalar as text: a number or true is what it is written as. */
  Optional<Text> scalar(Node node, List<String> path, String what) {
    if (node instanceof ScalarNode scalar && isUntagged(node) && !node.getTag().equals(Tag.NULL)) {
      return resolved(scalar, path);
    }
    return wrong(node, "'" + what + "' must be a single value");
  }

  /** Empty if a variable is not set, which is then reported. */
  private Optional<Text> resolved(ScalarNode scalar, List<String> path) {
    int[] missing = {0};
    ScalarText resolved =
        ScalarText.of(scalar, text)
            .resolve(
                environment::get,
                (place, message) -> {
                  missing[0]++;
                  problem(text.positionOf(place), message);
                });
    texts.put(List.copyOf(path), resolved);
    return missing[0] > 0
        ? Optional.empty()
        : Optional.of(
            new Text(this, positionOf(scalar), resolved.value(), isTyped(scalar, resolved)));
  }

  private static boolean isTyped(ScalarNode scalar, ScalarText resolved) {
    return scalar.getTag().equals(Tag.INT)
        || scalar.getTag().equals(Tag.BOOL)
        || !scalar.getValue().equals(resolved.value());
  }

  private boolean isUntagged(Node node) {
    return KNOWN_TAGS.contains(node.getTag());
  }

  private <T> Optional<T> wrong(Node node, String message) {
    problem(
        node,
        isUntagged(node)
            ? message
            : "tag '%s' is not supported; remove it".formatted(node.getTag().getValue()));
    return Optional.empty();
  }
}
