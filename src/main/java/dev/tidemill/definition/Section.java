package dev.tidemill.definition;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * A mapping of the file. Values that are missing or wrong are reported when they are read, and
 * empty.
 */
final class Section {
  private final Document document;
  private final MappingNode node;
  private final List<String> path;
  private final Keys keys;
  private final Map<String, NodeTuple> entries = new LinkedHashMap<>();

  private Section(Document document, MappingNode node, List<String> path, Keys keys) {
    this.document = document;
    this.node = node;
    this.path = path;
    this.keys = keys;
    for (NodeTuple entry : node.getValue()) {
      if (!(entry.getKeyNode() instanceof ScalarNode key)) {
        document.problem(entry.getKeyNode(), "a key must be a plain word");
      } else if (entries.putIfAbsent(key.getValue(), entry) != null) {
        document.problem(key, "key '%s' is written twice; remove one".formatted(key.getValue()));
      }
    }
  }

  /** With the keys of {@link Vocabulary}: reports unknown and missing ones. */
  static Section checked(Document document, MappingNode node, List<String> path, Keys keys) {
    Section section = new Section(document, node, path, keys);
    section.entries.forEach((key, entry) -> section.checkKnown(key, entry.getKeyNode()));
    // What is not supported yet may need other keys: asking for ours would mislead.
    if (section.names().stream().noneMatch(keys.later()::contains)) {
      keys.required().stream()
          .filter(key -> !section.has(key))
          .forEach(
              key ->
                  section.problem(
                      "key '%s' is missing; '%s' needs it".formatted(key, keys.name())));
    }
    return section;
  }

  static Section unchecked(Document document, MappingNode node, List<String> path, String what) {
    return new Section(document, node, path, Keys.of(what));
  }

  private void checkKnown(String key, Node keyNode) {
    if (keys.later().contains(key)) {
      document.problem(keyNode, "'%s' is not supported yet".formatted(key));
    } else if (!keys.supported().contains(key)) {
      document.problem(
          keyNode,
          "unknown key '%s'%s"
              .formatted(key, Nearest.hint(key, keys.supported(), "known keys are")));
    }
  }

  /** In the order of the file. */
  Set<String> names() {
    return entries.keySet();
  }

  boolean has(String key) {
    return entries.containsKey(key);
  }

  /** Of the given keys, those that are written. */
  List<String> written(String... candidates) {
    return List.of(candidates).stream().filter(this::has).toList();
  }

  Optional<Text> text(String key) {
    return value(key).flatMap(value -> document.text(value, pathOf(key), key));
  }

  Optional<Text> scalar(String key) {
    return value(key).flatMap(value -> document.scalar(value, pathOf(key), key));
  }

  /** The value that a text means; reports what the parser does not understand. */
  <T> Optional<T> text(String key, Text.Parser<T> parser) {
    return text(key).flatMap(text -> text.as(parser));
  }

  /** As {@link #text(String, Text.Parser)}, with a default for a key that is not written. */
  <T> Optional<T> text(String key, Text.Parser<T> parser, T otherwise) {
    return has(key) ? text(key, parser) : Optional.of(otherwise);
  }

  boolean isMapping(String key) {
    return value(key).filter(MappingNode.class::isInstance).isPresent();
  }

  boolean isList(String key) {
    return value(key).filter(SequenceNode.class::isInstance).isPresent();
  }

  Optional<Section> section(String key, Keys sectionKeys) {
    return value(key).flatMap(value -> document.section(value, pathOf(key), sectionKeys));
  }

  /** A mapping whose keys are names that the user chose. */
  Optional<Section> named(String key) {
    return value(key).flatMap(value -> document.names(value, pathOf(key), key));
  }

  /** A list of texts; items that are something else are reported and left out. */
  Optional<List<Text>> texts(String key) {
    return value(key)
        .flatMap(value -> document.list(value, key))
        .map(
            items -> {
              List<Text> texts = new ArrayList<>();
              for (int i = 0; i < items.size(); i++) {
                document
                    .text(items.get(i), child(pathOf(key), String.valueOf(i)), key)
                    .ifPresent(texts::add);
              }
              return texts;
            });
  }

  /** A list of mappings; items that are something else are reported and left out. */
  Optional<List<Section>> sections(String key, Keys itemKeys) {
    return value(key)
        .flatMap(value -> document.list(value, key))
        .map(
            items -> {
              List<Section> sections = new ArrayList<>();
              for (int i = 0; i < items.size(); i++) {
                document
                    .section(items.get(i), child(pathOf(key), String.valueOf(i)), itemKeys)
                    .ifPresent(sections::add);
              }
              return sections;
            });
  }

  /** Reports a key that is not a name of its kind. */
  void checkName(String key, Text.Parser<String> kind) {
    try {
      kind.parse(key);
    } catch (IllegalArgumentException e) {
      problemAtKey(key, e.getMessage());
    }
  }

  /** Reports names that differ only in case: SQL does not tell {@code a} from {@code A}. */
  void checkSpelling(String what) {
    Map<String, String> seen = new HashMap<>();
    for (String name : names()) {
      String other = seen.putIfAbsent(name.toLowerCase(Locale.ROOT), name);
      if (other != null) {
        problemAtKey(
            name, "%s '%s' and '%s' differ only in case; rename one".formatted(what, other, name));
      }
    }
  }

  /** Reports something about the section as a whole. */
  void problem(String message) {
    document.problem(node, message);
  }

  /** Reports something about a key. */
  void problemAtKey(String key, String message) {
    document.problem(entries.get(key).getKeyNode(), message);
  }

  /** Reports something about a key's value. */
  void problemAt(String key, String message) {
    document.problem(entries.get(key).getValueNode(), message);
  }

  private Optional<Node> value(String key) {
    return Optional.ofNullable(entries.get(key)).map(NodeTuple::getValueNode);
  }

  private List<String> pathOf(String key) {
    return child(path, key);
  }

  private static List<String> child(List<String> path, String key) {
    List<String> child = new ArrayList<>(path);
    child.add(key);
    return child;
  }

  /**
   * @param unless what it is if the key is not there
   */
  Optional<Boolean> bool(String key, boolean unless) {
    return has(key)
        ? scalar(key).flatMap(text -> text.as(value -> trueOrFalse(value, text.isTyped())))
        : Optional.of(unless);
  }

  private static boolean trueOrFalse(String text, boolean isTyped) {
    if (isTyped && (text.equals("true") || text.equals("false"))) {
      return text.equals("true");
    }
    throw new IllegalArgumentException(
        "'%s' can not be used here; write true or false, without quotes".formatted(text));
  }
}
