package dev.tidemill.definition;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.tidemill.batch.Cron;
import dev.tidemill.batch.FiringPolicy;
import dev.tidemill.batch.FiringPolicy.Misfire;
import dev.tidemill.batch.FiringPolicy.Overlap;
import dev.tidemill.batch.FixedSchedule;
import dev.tidemill.batch.Recurrence;
import dev.tidemill.batch.Schedule;
import dev.tidemill.batch.ZonedSchedule;
import dev.tidemill.batch.ZonedSchedule.RepeatedHour;
import dev.tidemill.batch.ZonedSchedule.SkippedHour;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reads {@code schedule:} of a source: a cron, macro or duration, or a mapping. */
final class ScheduleReader {
  private static final String KEY = "schedule";

  /** What a timeout is of which nothing is said. */
  static final String NO_TIMEOUT = "none";

  private static final int LONGEST_QUEUE = 10_000;
  private static final int MOST_RETRIES = 100;

  private final Section section;
  private final ZoneId batchZone;

  private ScheduleReader(Section section, ZoneId batchZone) {
    this.section = section;
    this.batchZone = batchZone;
  }

  /**
   * @param batchZone the zone unless the schedule has its own
   * @return empty if anything is wrong with what is written
   */
  static Optional<Optional<ScheduleDefinition>> read(Section source, ZoneId batchZone) {
    if (!source.has(KEY)) {
      return Optional.of(Optional.empty());
    }
    if (!source.isMapping(KEY)) {
      return source.text(KEY, text -> Optional.of(ScheduleDefinition.parse(text, batchZone)));
    }
    return source
        .section(KEY, Vocabulary.SCHEDULE)
        .flatMap(section -> new ScheduleReader(section, batchZone).mapping())
        .map(Optional::of);
  }

  /**
   * What the mapping means that has these keys and values, wherever they were written.
   *
   * @throws IllegalArgumentException with all that is wrong, as a definition would say it
   */
  static ScheduleDefinition of(Map<String, String> written, ZoneId batchZone) {
    Environment nothing = new Environment(name -> null);
    Problems problems = new Problems(Path.of(KEY), nothing);
    YamlFile yaml = YamlFile.of(yaml(written), problems);
    Document document = new Document(Path.of(""), yaml.text(), problems, nothing);
    Optional<ScheduleDefinition> read =
        yaml.root()
            .flatMap(root -> document.section(root, List.of(KEY), Vocabulary.SCHEDULE))
            .flatMap(section -> new ScheduleReader(section, batchZone).mapping());
    List<Problem> found = problems.sorted();
    if (!found.isEmpty() || read.isEmpty()) {
      throw new IllegalArgumentException(
          found.stream().map(Problem::message).collect(Collectors.joining("; ")));
    }
    return read.get();
  }

  /** A quoted text of JSON is one of YAML, too. */
  private static String yaml(Map<String, String> written) {
    JsonStringEncoder json = JsonStringEncoder.getInstance();
    return written.entrySet().stream()
        .map(
            entry ->
                "\"%s\": \"%s\"\n"
                    .formatted(
                        new String(json.quoteAsString(entry.getKey())),
                        new String(json.quoteAsString(entry.getValue()))))
        .collect(Collectors.joining());
  }

  static Schedule fixed(String text) {
    return new FixedSchedule(IntervalReader.fixed(text, DurationText.parse(text), Duration.ZERO));
  }

  static Recurrence recurrence(String text) {
    return text.startsWith("@") ? MacroText.parse(text) : Cron.parse(text);
  }

  private Optional<ScheduleDefinition> mapping() {
    List<String> times = section.written("cron", "every");
    if (times.size() != 1) {
      section.problem(
          times.isEmpty()
              ? "'schedule' needs 'cron' or 'every', when it is"
              : "'schedule' has either 'cron' or 'every'; remove one");
    }
    Optional<ZoneId> zone = section.text("timezone", BatchReader::zone, batchZone);
    Optional<FiringPolicy> policy = policy();
    if (section.has("every")) {
      refuseZone("a length of time is the same in every zone");
      Optional<Schedule> fixed = section.text("every", ScheduleReader::fixed);
      return definition("every", fixed.map(Optional::of), zone, policy);
    }
    if (section.text("cron").filter(cron -> cron.value().equals(MacroText.REBOOT)).isPresent()) {
      refuseZone("'@reboot' is the start, whatever the clock says");
      return definition("cron", Optional.of(Optional.empty()), zone, policy);
    }
    Optional<Recurrence> recurrence = section.text("cron", ScheduleReader::recurrence);
    Optional<SkippedHour> skipped =
        one("skipped-hour", SkippedHour.RUN_AT_ONCE, SkippedHour.values());
    Optional<Optional<RepeatedHour>> repeated =
        section.has("repeated-hour")
            ? one("repeated-hour", RepeatedHour.FIRST, RepeatedHour.values()).map(Optional::of)
            : Optional.of(Optional.empty());
    if (recurrence.isEmpty() || skipped.isEmpty() || repeated.isEmpty() || zone.isEmpty()) {
      return Optional.empty();
    }
    Schedule zoned =
        new ZonedSchedule(
            recurrence.get(),
            zone.get(),
            skipped.get(),
            repeated.get().orElse(ZonedSchedule.usual(recurrence.get())));
    return definition("cron", Optional.of(Optional.of(zoned)), zone, policy);
  }

  private Optional<ScheduleDefinition> definition(
      String key,
      Optional<Optional<Schedule>> times,
      Optional<ZoneId> zone,
      Optional<FiringPolicy> policy) {
    if (times.isEmpty() || zone.isEmpty() || policy.isEmpty()) {
      return Optional.empty();
    }
    String every = section.text(key).orElseThrow().value();
    return Optional.of(new ScheduleDefinition(every, times.get(), zone.get(), policy.get()));
  }

  private void refuseZone(String because) {
    for (String key : section.written("timezone", "skipped-hour", "repeated-hour")) {
      section.problemAtKey(key, because + "; remove '" + key + "'");
    }
  }

  private Optional<FiringPolicy> policy() {
    FiringPolicy usual = FiringPolicy.DEFAULT;
    Optional<Overlap> overlap = one("overlap", usual.overlap(), Overlap.values());
    Optional<Misfire> misfire = one("misfire", usual.misfire(), Misfire.values());
    Optional<Integer> cap = number("misfire-cap", usual.misfireCap(), 1, LONGEST_QUEUE);
    Optional<Optional<Duration>> timeout =
        section.text(
            "timeout",
            text ->
                text.equals(NO_TIMEOUT)
                    ? Optional.empty()
                    : Optional.of(DurationText.parsePositive(text)),
            usual.timeout());
    Optional<Integer> retries = number("retries", usual.retries(), 0, MOST_RETRIES);
    Optional<Duration> backOff =
        section.text("backoff", DurationText::parsePositive, usual.backOff());
    Optional<Duration> jitter = section.text("jitter", DurationText::parse, usual.jitter());
    if (overlap.isEmpty()
        || misfire.isEmpty()
        || cap.isEmpty()
        || timeout.isEmpty()
        || retries.isEmpty()
        || backOff.isEmpty()
        || jitter.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new FiringPolicy(
            overlap.get(),
            misfire.get(),
            cap.get(),
            timeout.get(),
            retries.get(),
            backOff.get(),
            jitter.get(),
            usual.seed()));
  }

  private Optional<Integer> number(String key, int usual, int least, int most) {
    return section.has(key)
        ? section.scalar(key).flatMap(text -> text.as(value -> number(value, least, most)))
        : Optional.of(usual);
  }

  private static int number(String text, int least, int most) {
    if (text.matches("[0-9]{1,6}")) {
      int number = Integer.parseInt(text);
      if (number >= least && number <= most) {
        return number;
      }
    }
    throw new IllegalArgumentException(
        "'%s' can not be used here; write a number from %d to %d".formatted(text, least, most));
  }

  private <E extends Enum<E>> Optional<E> one(String key, E usual, E[] values) {
    return section.text(key, text -> BatchReader.one(key, text, values), usual);
  }
}
