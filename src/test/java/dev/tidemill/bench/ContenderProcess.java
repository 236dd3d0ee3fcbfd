package dev.tidemill.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One run of one contender, in a fresh process with the same JVM and heap for all. */
final class ContenderProcess {
  private static final Duration BOUND = Duration.ofMinutes(20);
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * What the process hands back.
   *
   * @param outcome empty if the results are in a topic
   */
  record Answer(Measurement measurement, List<Outcome> outcome) {}

  private ContenderProcess() {}

  /**
   * @param recording the file of a JFR recording, if one is wanted
   */
  static Answer run(Job job, List<Path> recording) throws IOException {
    Path question = job.folder().resolve("job.json");
    Path answer = job.folder().resolve("answer.json");
    JSON.writeValue(question.toFile(), job);
    List<String> options = new ArrayList<>(Bench.JAVA_OPTIONS);
    recording.forEach(
        file ->
            options.add(
                "-XX:StartFlightRecording=settings=profile,dumponexit=true,filename=" + file));
    try (Forked process =
        new Forked(
            ContenderProcess.class,
            options,
            List.of(question.toString(), answer.toString()),
            Map.of(),
            job.folder().resolve("log.txt"))) {
      process.awaitSuccess(BOUND);
    }
    return JSON.readValue(answer.toFile(), Answer.class);
  }

  /** The new process. */
  public static void main(String[] args) throws Exception {
    Forked.endWithParent(() -> Runtime.getRuntime().halt(1));
    Job job = JSON.readValue(Path.of(args[0]).toFile(), Job.class);
    Stopwatch watch = new Stopwatch(job);
    List<Outcome> outcome = job.system().contender().run(job, watch).stream().toList();
    Files.write(Path.of(args[1]), JSON.writeValueAsBytes(new Answer(watch.measurement(), outcome)));
    System.exit(0);
  }
}
