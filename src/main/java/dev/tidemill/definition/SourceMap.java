package dev.tidemill.definition;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Where in the file things stand. A path is the list of keys from the top, for example {@code sql}
 * or {@code sources, flights, expect, distance-is-positive}; items of a list count from 0.
 * Immutable, thread-safe.
 */
public final class SourceMap {
  private final FileText text;
  private final Optional<Node> root;
  private final Map<List<String>, ScalarText> texts;

  SourceMap(FileText text, Optional<Node> root, Map<List<String>, ScalarText> texts) {
    this.text = text;
    this.root = root;
    this.texts = texts;
  }

  /** Where the value of {@code path} begins; if there is none, of the nearest one above it. */
  public Position of(List<String> path) {
    return root.map(node -> text.positionOf(start(descend(node, path)))).orElse(Position.START);
  }

  /** Whether {@code path} is written as a mapping, where it could be a single text. */
  public boolean isMapping(List<String> path) {
    return root.map(node -> descend(node, path)).filter(MappingNode.class::isInstance).isPresent();
  }

  /** How many entries the mapping at {@code path} has; 0 if there is none. */
  public int size(List<String> path) {
    Optional<Node> node = root;
    for (String key : path) {
      node = node.flatMap(n -> entry(n, key)).map(NodeTuple::getValueNode);
    }
    return node.filter(MappingNode.class::isInstance)
        .map(n -> ((MappingNode) n).getValue().size())
        .orElse(0);
  }

  /** Where the last key of {@code path} is written; {@link #of} if there is none. */
  public Position ofKey(List<String> path) {
    if (path.isEmpty()) {
      return of(path);
    }
    List<String> parent = path.subList(0, path.size() - 1);
    return root.map(node -> descend(node, parent))
        .flatMap(node -> entry(node, path.get(path.size() - 1)))
        .map(entry -> text.positionOf(start(entry.getKeyNode())))
        .orElseGet(() -> of(path));
  }

  /**
   * Where a place inside the text of {@code path} stands in the file, whatever style the text is
   * written in and however it is indented. Exact for every visible character.
   *
   * @param line in the text, from 1
   * @param column in the line, in Java's characters, from 1
   */
  public Position within(List<String> path, int line, int column) {
    ScalarText scalar = texts.get(path);
    return scalar == null ? of(path) : text.positionOf(scalar.place(scalar.index(line, column)));
  }

  private static Node descend(Node from, List<String> path) {
    Node node = from;
    for (String key : path) {
      Optional<Node> child =
          node instanceof SequenceNode sequence
              ? item(sequence, key)
              : entry(node, key).map(NodeTuple::getValueNode);
      if (child.isEmpty()) {
        return node;
      }
      node = child.get();
    }
    return node;
  }

  private static Optional<NodeTuple> entry(Node node, String key) {
    return node instanceof MappingNode mapping
        ? mapping.getValue().stream()
            .filter(e -> e.getKeyNode() instanceof ScalarNode s && s.getValue().equals(key))
            .findFirst()
        : Optional.empty();
  }

  private static Optional<Node> item(SequenceNode sequence, String index) {
    return index.matches("[0-9]{1,9}") && Integer.parseInt(index) < sequence.getValue().size()
        ? Optional.of(sequence.getValue().get(Integer.parseInt(index)))
        : Optional.empty();
  }

  private static int start(Node node) {
    return node.getStartMark().orElseThrow().getIndex();
  }
}
