package dev.tidemill.topology;

import dev.tidemill.definition.Dedupe;
import dev.tidemill.definition.PipelineDefinition;
import dev.tidemill.definition.SourceDefinition;
import dev.tidemill.sql.CompiledPipeline;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The pipeline of a {@link Spec}, whose source drops records that are the same. */
final class Deduped {
  private Deduped() {}

  static CompiledPipeline compile(
      Spec spec, String pipeline, Optional<Duration> within, String... by) {
    CompiledPipeline compiled = spec.compile(pipeline);
    PipelineDefinition definition = compiled.definition();
    SourceDefinition source = definition.sources().get(0);
    SourceDefinition deduped =
        new SourceDefinition(
            source.name(),
            source.origin(),
            source.schema(),
            source.key(),
            source.eventTime(),
            source.expect(),
            Optional.of(new Dedupe(List.of(by), within)));
    return new CompiledPipeline(
        new PipelineDefinition(
            definition.file(),
            definition.name(),
            definition.description(),
            definition.batch(),
            List.of(deduped),
            definition.sql(),
            definition.targets()),
        compiled.query());
  }
}
