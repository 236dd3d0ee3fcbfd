package dev.tidemill.cli;

import dev.tidemill.schema.Reject;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Which rejects a command is about. */
final class RejectFilter {
  private static final String NONE = "none";

  /**
   * @param start empty for the rejects that belong to no batch
   */
  record BatchChoice(Optional<Instant> start) {}

  @Option(
      names = "--batch",
      paramLabel = "ID",
      converter = BatchConverter.class,
      description = "Only this batch, such as 2001-01-01T05:00:00Z; 'none' for those of no batch.")
  private Optional<BatchChoice> batch = Optional.empty();

  @Option(
      names = "--step",
      paramLabel = "STEP",
      description = "Only this step, such as decode, expect, sql or late.")
  private Optional<String> step = Optional.empty();

  boolean wants(Reject reject) {
    return batch.stream().allMatch(choice -> choice.start().equals(reject.batch()))
        && step.stream().allMatch(reject.step()::equals);
  }

  static final class BatchConverter implements ITypeConverter<BatchChoice> {
    @Override
    public BatchChoice convert(String text) {
      if (text.equals(NONE)) {
        return new BatchChoice(Optional.empty());
      }
      try {
        return new BatchChoice(Optional.of(Instant.parse(text)));
      } catch (DateTimeException e) {
        throw new TypeConversionException(
            "'"
                + text
                + "' is no batch; write its start in UTC as 'batches --json' shows it, such as"
                + " 2001-01-01T05:00:00Z, or none");
      }
    }
  }
}
