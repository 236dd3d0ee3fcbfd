package dev.tidemill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.definition.Unavailable;
import dev.tidemill.events.CollectedEvents;
import dev.tidemill.events.Event;
import dev.tidemill.events.EventListener;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Listeners of users, named in the server file. */
final class ListenersTest {
  private static final Pattern FRAGMENT =
      Pattern.compile("```yaml\\n# fragment of a server file\\n(.*?)```", Pattern.DOTALL);

  private static final String RECORDER = "  - class: dev.tidemill.cli.ListenersTest$Recorder\n";

  @TempDir private Path folder;

  private static String fragment() throws Exception {
    Matcher fragment = FRAGMENT.matcher(Files.readString(Path.of("docs/events.md")));
    assertThat(fragment.find()).isTrue();
    return fragment.group(1);
  }

  private Path server(Project project, String listeners) throws Exception {
    Path file = SharedCluster.server(project);
    return Files.writeString(file, Files.readString(file) + listeners);
  }

  @Test
  void the_listener_of_the_manual_is_told_of_the_batch_that_needs_somebody() throws Exception {
    ManualClasses.jar("events.md", folder);
    Project project =
        Project.in(folder)
            .withOwnName()
            .require("enough", "read > 1")
            .intoDuckDb()
            .data(
                "flights.csv",
                Project.HEADER
                    + "2001/01/01 08:00,10,90,JFK,BOS\n"
                    + "2001/01/01 08:10,10,91,JFK,BOS\n"
                    + "2001/01/02 08:30,30,45,JFK,BOS\n");
    Tidemill.Outcome run =
        Tidemill.run(
            "run",
            project.pipeline(),
            "--config",
            server(project, fragment() + RECORDER),
            "--until-complete");
    assertThat(run.exitCode()).as(run.err()).isEqualTo(1);
    assertThat(run.err())
        .containsOnlyOnce(
            "batch.quarantined: " + project.name() + ", batch 2001-01-02T05:00:00Z, enough");

    List<Event> all = Recorder.of(project.name());
    assertThat(all)
        .extracting(Event::name)
        .startsWith("pipeline.run.start")
        .endsWith("pipeline.run.stop")
        .containsSubsequence("extract.transaction.start", "extract.run.stop")
        .containsSubsequence("load.elected", "load.publish.stop", "batch.loaded")
        .contains("pipeline.state", "batch.quarantined");
    assertThat(all).filteredOn(event -> event.name().equals("batch.loaded")).hasSize(1);
  }

  @Test
  void a_run_that_can_not_start_tells_why() throws Exception {
    Project project =
        Project.in(folder).withOwnName().intoDuckDb().data("flights.csv", "date,delay\n");
    Tidemill.Outcome run =
        Tidemill.run(
            "run", project.pipeline(), "--config", server(project, "listeners:\n" + RECORDER));
    assertThat(run.exitCode()).as(run.err()).isEqualTo(3);
    List<Event> all = Recorder.of(project.name());
    assertThat(all)
        .extracting(Event::name)
        .containsExactly("pipeline.run.start", "pipeline.run.exception");
    assertThat(all.get(1).error()).get().isInstanceOf(Unavailable.class);
    assertThat(run.err()).contains(all.get(1).error().orElseThrow().getMessage());
  }

  @Test
  void what_is_wrong_with_a_listener_is_said_with_its_place_before_anything_runs()
      throws Exception {
    ManualClasses.jar("events.md", folder);
    Project project =
        Project.in(folder).withOwnName().intoDuckDb().data("flights.csv", Project.HEADER);
    Path server =
        server(
            project,
            """
            listeners:
              - {class: com.acme.Pagr, jar: lib/acme.jar}
              - {class: com.acme.Pager, jar: lib/acm.jar}
              - {class: com.acme.Pager}
              - {class: com.acme.Pager, jar: lib/acme.jar, events: [batch, bacth.closed]}
              - {class: java.lang.String}
              - {class: dev.tidemill.cli.ListenersTest$Hidden}
              - {class: dev.tidemill.cli.ListenersTest$Demanding}
              - {class: dev.tidemill.cli.ListenersTest$Broken}
              - {jar: lib/acme.jar}
            """);
    Tidemill.Outcome run =
        Tidemill.run("run", project.pipeline(), "--config", server, "--until-complete");
    assertThat(run.exitCode()).as(run.err()).isEqualTo(1);
    String file = server.toString();
    assertThat(run.err().lines().filter(line -> line.startsWith(file)))
        .containsExactly(
            file + ":5:13: there is no class 'com.acme.Pagr' in " + folder.resolve("lib/acme.jar"),
            file + ":6:34: there is no jar 'lib/acm.jar'; its path is relative to this file",
            file + ":7:13: there is no class 'com.acme.Pager' in the class path",
            file
                + ":8:64: no event begins with 'bacth.closed'; did you mean 'batch.closed'?;"
                + " docs/events.md lists them",
            file
                + ":9:13: class 'java.lang.String' does not implement"
                + " dev.tidemill.events.EventListener",
            file + ":10:13: class 'dev.tidemill.cli.ListenersTest$Hidden' is not public",
            file
                + ":11:13: class 'dev.tidemill.cli.ListenersTest$Demanding' has no public"
                + " constructor without arguments, which a listener needs",
            file
                + ":12:13: the constructor of class 'dev.tidemill.cli.ListenersTest$Broken' throws"
                + " java.lang.IllegalStateException: no pager here",
            file + ":13:5: key 'class' is missing; 'listener' needs it");
  }

  /** Keeps all that it is told. */
  public static final class Recorder implements EventListener {
    private static final CollectedEvents EVENTS = new CollectedEvents();

    @Override
    public void on(Event event) {
      EVENTS.on(event);
    }

    static List<Event> of(String pipeline) {
      return EVENTS.all().stream()
          .filter(event -> event.metadata().get("pipeline").equals(pipeline))
          .toList();
    }
  }

  static final class Hidden implements EventListener {
    @Override
    public void on(Event event) {}
  }

  /** Wants what nobody gives it. */
  public static final class Demanding implements EventListener {
    public Demanding(String url) {
      assertThat(url).isNull();
    }

    @Override
    public void on(Event event) {}
  }

  /** Can not be made. */
  public static final class Broken implements EventListener {
    public Broken() {
      throw new IllegalStateException("no pager here");
    }

    @Override
    public void on(Event event) {}
  }
}
