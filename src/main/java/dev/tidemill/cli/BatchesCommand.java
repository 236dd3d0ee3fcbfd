package dev.tidemill.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemill.batch.LedgerEntry;
import dev.tidemill.batch.SourceCounts;
import dev.tidemill.definition.ServerSettings;
import dev.tidemill.definition.Topics;
import dev.tidemill.extract.DifferentFiles;
import dev.tidemill.query.LedgerView;
import dev.tidemill.schema.ConfluentRegistry;
import dev.tidemill.server.EarlyJson;
import dev.tidemill.server.QuarantineJson;
import dev.tidemill.server.SourcesJson;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tidemill batches}: the ledger of a pipeline. */
@Command(
    name = "batches",
    mixinStandardHelpOptions = true,
    subcommands = ReleaseCommand.class,
    description = "Show the ledger of a pipeline: every batch, its books and what was loaded.")
final class BatchesCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "PIPELINE", description = "The pipeline's name.")
  private String pipeline;

  @Mixin private ServerOptions server;

  @Option(
      names = "--timezone",
      paramLabel = "ZONE",
      defaultValue = "UTC",
      description = "Zone in which batches are shown (default: ${DEFAULT-VALUE}).")
  private ZoneId zone;

  @Option(names = "--json", description = "Print one JSON object a line.")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    Optional<ServerOptions.Opened> opened = server.openExisting(spec.commandLine().getErr());
    if (opened.isEmpty()) {
      return Main.WRONG;
    }
    try (ServerOptions.Opened cluster = opened.get();
        ConfluentRegistry registry = new ConfluentRegistry(cluster.settings().registry());
        LedgerView ledger = existing(pipeline, registry, cluster.settings())) {
      ledger.pollToEnd(Duration.ofSeconds(30));
      PrintWriter out = spec.commandLine().getOut();
      if (json) {
        ObjectMapper mapper = new ObjectMapper();
        SourcesJson sources =
            new SourcesJson(ledger.sources(), source -> differences(source, cluster.settings()));
        for (LedgerEntry entry : ledger.entries()) {
          ObjectNode json = mapper.valueToTree(map(entry));
          QuarantineJson.put(json, entry);
          EarlyJson.put(json, entry);
          sources.putHeldBack(json, entry);
          sources.put(json, entry);
          out.println(mapper.writeValueAsString(json));
        }
      } else {
        LedgerTable.print(ledger.entries(), ledger.sources(), zone, out);
        ledger.sources().stream()
            .filter(source -> source.extracted().isPresent() || source.expected().isPresent())
            .forEach(source -> Summary.print(source, differences(source, cluster.settings()), out));
      }
      ledger.pauses().forEach(pause -> spec.commandLine().getErr().println("tidemill: " + pause));
      return Main.DONE;
    }
  }

  /** The files are looked for only if there is something to say of them. */
  private List<String> differences(SourceCounts source, ServerSettings settings) {
    Topics topics = new Topics(pipeline);
    Optional<String> different =
        topics.sourceOf(source.topic()).filter(name -> source.unconfirmed() > 0);
    return source.differences(
        different.map(name -> DifferentFiles.of(name, topics, settings)).orElse(List.of()));
  }

  String pipeline() {
    return pipeline;
  }

  static LedgerView existing(String pipeline, ConfluentRegistry registry, ServerSettings server) {
    LedgerView.require(pipeline, server);
    return new LedgerView(new Topics(pipeline), registry, server);
  }

  private static Map<String, Object> map(LedgerEntry entry) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("pipeline", entry.pipeline());
    map.put("batch", entry.batch().id());
    map.put("end", entry.batch().end().toString());
    map.put("attempt", entry.attempt());
    map.put("state", entry.state().name());
    map.put("closeReason", entry.closeReason().map(Enum::name).orElse(null));
    map.put("read", entry.books().read());
    map.put("accepted", entry.books().accepted());
    map.put("filtered", entry.books().filtered());
    map.put("rejected", entry.books().rejected());
    map.put("duplicate", entry.books().duplicate());
    map.put("late", entry.books().late());
    map.put("amended", entry.books().amended());
    map.put("carried", entry.books().carried());
    map.put("carriedIn", entry.books().carriedIn());
    map.put("rows", entry.resultRows());
    if (!entry.queryRows().isEmpty()) {
      map.put("queries", entry.queryRows());
    }
    map.put("loaded", entry.loaded());
    map.put("balanced", entry.balances());
    map.put("updatedAt", entry.updatedAt().toString());
    map.put("note", entry.note());
    return map;
  }
}
