package dev.tidemill.cli;

import dev.tidemill.definition.Origin;
import dev.tidemill.definition.PipelineDefinition;
import dev.tidemill.definition.RelationDefinition;
import dev.tidemill.definition.TableDefinition;
import dev.tidemill.definition.TargetDefinition;
import dev.tidemill.definition.Topics;
import dev.tidemill.sql.CompiledPipeline;
import dev.tidemill.sql.Operator;
import dev.tidemill.topology.PlannedStore;
import dev.tidemill.topology.PlannedTopology;
import java.io.PrintWriter;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.streams.TopologyDescription;

/**
 * A pipeline as a Mermaid flowchart: the sub-topologies as Kafka Streams describes them, with their
 * own names, and what is before and behind them. Processors are boxes, topics are round, stores are
 * cylinders.
 */
final class Flowchart {
  private final CompiledPipeline pipeline;
  private final PrintWriter out;
  private final Set<String> stores;
  private final Set<String> drawn = new LinkedHashSet<>();
  private final Set<String> edges = new LinkedHashSet<>();

  Flowchart(CompiledPipeline pipeline, PrintWriter out) {
    this.pipeline = pipeline;
    this.out = out;
    this.stores =
        PlannedStore.of(pipeline).stream().map(PlannedStore::name).collect(Collectors.toSet());
  }

  void print() {
    TopologyDescription topology = PlannedTopology.describe(pipeline);
    out.println("flowchart LR");
    topology.subtopologies().stream()
        .sorted((a, b) -> Integer.compare(a.id(), b.id()))
        .forEach(
            part -> subgraph("streams" + part.id(), "sub-topology " + part.id(), part.nodes()));
    topology.globalStores().stream()
        .sorted((a, b) -> Integer.compare(a.id(), b.id()))
        .forEach(
            table ->
                subgraph(
                    "streams" + table.id(),
                    "sub-topology " + table.id() + ", in every instance",
                    Set.of(table.source(), table.processor())));
    ends();
    edges.forEach(edge -> out.println("  " + edge));
  }

  private void subgraph(String id, String title, Set<TopologyDescription.Node> nodes) {
    out.println("  subgraph " + id + " [" + quoted(title) + "]");
    new TreeSet<>(nodes.stream().map(TopologyDescription.Node::name).toList())
        .forEach(name -> draw("  ", "node", name, "[", label(name), "]"));
    for (TopologyDescription.Node node : sorted(nodes)) {
      if (node instanceof TopologyDescription.Processor processor) {
        new TreeSet<>(processor.stores())
            .stream()
                .filter(stores::contains) // without the hooks of the commit, which hold nothing
                .forEach(
                    store -> {
                      draw("  ", "store", store, "[(", store, ")]");
                      edges.add(id("node", node.name()) + " --- " + id("store", store));
                    });
      }
    }
    out.println("  end");
    for (TopologyDescription.Node node : sorted(nodes)) {
      node.successors().stream()
          .map(TopologyDescription.Node::name)
          .sorted()
          .forEach(next -> edges.add(id("node", node.name()) + " --> " + id("node", next)));
      if (node instanceof TopologyDescription.Source source) {
        new TreeSet<>(source.topicSet())
            .forEach(topic -> edges.add(topic(topic) + " --> " + id("node", node.name())));
      }
      if (node instanceof TopologyDescription.Sink sink) {
        edges.add(id("node", node.name()) + " --> " + topic(sink.topic()));
      }
    }
  }

  private static List<TopologyDescription.Node> sorted(Set<TopologyDescription.Node> nodes) {
    return nodes.stream().sorted((a, b) -> a.name().compareTo(b.name())).toList();
  }

  /** What is not the topology's: extractors, the loader and its targets. */
  private void ends() {
    PipelineDefinition definition = pipeline.definition();
    Topics topics = definition.topics();
    for (RelationDefinition relation : definition.relations()) {
      if (relation.origin() instanceof Origin.Extracted ours) {
        String name = relation.name();
        draw("", "origin", name, "[/", ours.summary(), "/]");
        draw("", "extractor", name, "[", "extractor: each row once", "]");
        edges.add(id("origin", name) + " --> " + id("extractor", name));
        edges.add(id("extractor", name) + " --> " + topic(topics.source(name)));
      }
    }
    lookups();
    for (TargetDefinition target : definition.targets()) {
      draw("", "loader", target.name(), "[", "loader: stage, then publish", "]");
      draw("", "target", target.name(), "[(", target.name(), ")]");
      String loader = id("loader", target.name());
      edges.add(topic(topics.results()) + " --> " + loader);
      edges.add(topic(topics.ledger()) + " -. READY .-> " + loader);
      edges.add(loader + " --> " + id("target", target.name()));
      edges.add(loader + " -. published .-> " + topic(topics.acks()));
    }
  }

  /** Tables in every instance are asked past the topology, which knows nothing of it. */
  private void lookups() {
    for (TableDefinition table : pipeline.definition().tables()) {
      if (!table.replicated()) {
        continue;
      }
      String store = id("store", Operator.State.ofTable(table.name()));
      pipeline.query().tables().stream()
          .filter(reading -> reading.table().equals(table.name()))
          .forEach(
              reading ->
                  edges.add(
                      reading.isScanned()
                          ? store + " -. read at close .-> " + id("node", "share")
                          : store + " -. looked up .-> " + id("node", "intake")));
    }
  }

  private String topic(String name) {
    // Streams tells its repartition topics without the application's id.
    String whole =
        name.endsWith("-repartition") && !name.startsWith(topics().applicationId())
            ? topics().applicationId() + "-" + name
            : name;
    draw("", "topic", whole, "([", whole, "])");
    return id("topic", whole);
  }

  private Topics topics() {
    return pipeline.definition().topics();
  }

  private void draw(
      String indent, String kind, String name, String open, String label, String close) {
    if (drawn.add(id(kind, name))) {
      out.println(indent + "  " + id(kind, name) + open + quoted(label) + close);
    }
  }

  /** With what is done there, for the processors that run the statements. */
  private String label(String node) {
    return switch (node) {
      case "intake" ->
          node
              + Stream.concat(
                      Stream.of("decode", "event clock", "verdict"),
                      names(Operator.Place.INTAKE).filter(name -> !name.equals("scan")))
                  .collect(Collectors.joining(", ", "<br/>", ""));
      case "share" ->
          node
              + Stream.concat(names(Operator.Place.SHARE), names(Operator.Place.CLOSE))
                  .distinct()
                  .collect(Collectors.joining(", ", "<br/>", ""));
      default -> node;
    };
  }

  private static Stream<Operator> all(Operator operator) {
    return Stream.concat(Stream.of(operator), operator.inputs().stream().flatMap(Flowchart::all));
  }

  /** Of the operators there, in the order of the way of a record. */
  private Stream<String> names(Operator.Place where) {
    List<String> names =
        pipeline.query().operators().stream()
            .flatMap(Flowchart::all)
            .filter(operator -> operator.place() == where)
            .map(Operator::name)
            .collect(Collectors.toList());
    Collections.reverse(names);
    return names.stream().distinct();
  }

  /** No two names of a kind have the same: what is no letter or digit is told by its number. */
  private static String id(String kind, String name) {
    return kind
        + "_"
        + name.chars()
            .mapToObj(
                c ->
                    c < 128 && Character.isLetterOrDigit(c)
                        ? String.valueOf((char) c)
                        : c == '-' ? "_" : "_" + Integer.toHexString(c) + "_")
            .collect(Collectors.joining());
  }

  private static String quoted(String text) {
    return "\"" + text.replace("\"", "#quot;") + "\"";
  }
}
