package dev.tidemill.extract;

import static java.util.Objects.requireNonNull;

import dev.tidemill.definition.ServerSettings;
import dev.tidemill.definition.Topics;
import dev.tidemill.events.Events;
import dev.tidemill.schema.Registry;
import java.util.List;

/**
 * What the extractors of a pipeline have in common.
 *
 * @param targets the pipeline's, by name: what they can not take is not read
 */
public record Extraction(
    Topics topics, List<String> targets, ServerSettings server, Registry registry, Events events) {
  public Extraction {
    requireNonNull(topics, "topics");
    targets = List.copyOf(targets);
    requireNonNull(server, "server");
    requireNonNull(registry, "registry");
    requireNonNull(events, "events");
  }
}
