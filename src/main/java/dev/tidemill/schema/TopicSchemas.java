package dev.tidemill.schema;

import dev.tidemill.definition.Unavailable;
import java.util.List;
import org.apache.avro.Schema;

/** Holds a source's schema against what its topic's producers register: at start, once. */
public final class TopicSchemas {
  private TopicSchemas() {}

  /**
   * @param reader the source's schema
   * @return one text for each field of the topic's latest schema that the source can not read, with
   *     the reason; empty if all is well, or if nobody has registered a schema for the topic yet
   * @throws RegistryUnavailableException if the registry does not answer
   */
  public static List<String> problems(Registry registry, String topic, Schema reader) {
    return registry
        .latest(Schemas.valueSubject(topic))
        .map(writer -> Compatibility.problems(reader, writer))
        .orElse(List.of());
  }

  /**
   * @throws Unavailable with every one of the {@link #problems}
   * @throws RegistryUnavailableException if the registry does not answer
   */
  public static void check(Registry registry, String topic, Schema reader) {
    List<String> problems = problems(registry, topic, reader);
    if (!problems.isEmpty()) {
      throw new Unavailable(
          "schema '%s' can not read topic '%s' as subject '%s' describes it:\n  %s\n%s"
              .formatted(
                  reader.getFullName(),
                  topic,
                  Schemas.valueSubject(topic),
                  String.join("\n  ", problems),
                  "Change the source's schema to what is written, or give the fields defaults."));
    }
  }
}
