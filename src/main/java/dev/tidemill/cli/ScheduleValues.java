package dev.tidemill.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** What {@code schedule:} of a definition can say beside when it is, as options. */
final class ScheduleValues {
  private final Map<String, String> written = new LinkedHashMap<>();

  /** By the keys of the definition. */
  Map<String, String> written() {
    return written;
  }

  @Option(
      names = "--timezone",
      paramLabel = "ZONE",
      description = "With set: whose clock a cron goes by.")
  private void timezone(String text) {
    written.put("timezone", text);
  }

  @Option(
      names = "--skipped-hour",
      paramLabel = "POLICY",
      description = "With set: what becomes of times that the clock skips: run-at-once or skip.")
  private void skippedHour(String text) {
    written.put("skipped-hour", text);
  }

  @Option(
      names = "--repeated-hour",
      paramLabel = "POLICY",
      description =
          "With set: which of the times that the clock repeats counts: first, second or both.")
  private void repeatedHour(String text) {
    written.put("repeated-hour", text);
  }

  @Option(
      names = "--overlap",
      paramLabel = "POLICY",
      description =
          "With set: of a firing while a run is under way: skip, queue or cancel-previous.")
  private void overlap(String text) {
    written.put("overlap", text);
  }

  @Option(
      names = "--misfire",
      paramLabel = "POLICY",
      description = "With set: which of the firings that were missed are run: skip, once or all.")
  private void misfire(String text) {
    written.put("misfire", text);
  }

  @Option(
      names = "--misfire-cap",
      paramLabel = "COUNT",
      description = "With set: how many firings wait at most.")
  private void misfireCap(String text) {
    written.put("misfire-cap", text);
  }

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      description = "With set: after which a run is cancelled and has failed; or none.")
  private void timeout(String text) {
    written.put("timeout", text);
  }

  @Option(
      names = "--retries",
      paramLabel = "COUNT",
      description = "With set: how often a firing is tried again after a run that failed.")
  private void retries(String text) {
    written.put("retries", text);
  }

  @Option(
      names = "--backoff",
      paramLabel = "DURATION",
      description = "With set: before the first retry.")
  private void backoff(String text) {
    written.put("backoff", text);
  }

  @Option(
      names = "--jitter",
      paramLabel = "DURATION",
      description = "With set: the schedule runs later by a part of it.")
  private void jitter(String text) {
    written.put("jitter", text);
  }
}
