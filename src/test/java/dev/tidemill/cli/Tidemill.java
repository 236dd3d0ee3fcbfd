package dev.tidemill.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Runs commands in this process. Not for two at once: the standard error is the process's. */
public final class Tidemill {

  /**
   * What a command did.
   *
   * @param err what it printed there, its log included
   */
  public record Outcome(int exitCode, String out, String err) {}

  private Tidemill() {}

  static Outcome run(Object... arguments) {
    StringWriter out = new StringWriter();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream standardError = System.err;
    String temporary = System.getProperty("java.io.tmpdir");
    PrintStream captured = new PrintStream(err, true, UTF_8);
    System.setErr(captured);
    // JUnit's folders are where state is refused, so the temporary folder is another one here.
    System.setProperty("java.io.tmpdir", folder().toString());
    try {
      int exitCode =
          Main.commandLine()
              .setOut(new PrintWriter(out, true))
              .setErr(new PrintWriter(captured, true))
              .execute(Stream.of(arguments).map(String::valueOf).toArray(String[]::new));
      return new Outcome(exitCode, out.toString(), err.toString(UTF_8));
    } finally {
      System.setErr(standardError);
      System.setProperty("java.io.tmpdir", temporary);
    }
  }

  /** A folder of the build, for what outlives a test. */
  public static Path folder() {
    try {
      return Files.createDirectories(Path.of("target", "tmp").toAbsolutePath());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
