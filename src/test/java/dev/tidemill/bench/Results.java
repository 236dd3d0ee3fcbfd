package dev.tidemill.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** {@code target/bench/results.json}: one object for each case and system. */
final class Results {
  private static final Path FILE = Path.of("target/bench/results.json");
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private Results() {}

  /** The results of a case, in the place of earlier ones. */
  static void put(String name, List<ObjectNode> results) throws IOException {
    ArrayNode all = JSON.createArrayNode();
    if (Files.exists(FILE)) {
      JSON.readTree(FILE.toFile())
          .forEach(
              result -> {
                if (!result.path("case").asText().equals(name)) {
                  all.add(result);
                }
              });
    }
    results.forEach(all::add);
    JSON.writeValue(FILE.toFile(), all);
  }
}
