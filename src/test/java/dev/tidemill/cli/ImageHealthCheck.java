package dev.tidemill.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The Dockerfile's health check, run as an engine would run it, but on this machine. */
final class ImageHealthCheck {
  private static final Pattern COMMAND =
      Pattern.compile("HEALTHCHECK[^\\n]*\\\\\n *CMD (\\[.*\\])\\n");

  private ImageHealthCheck() {}

  /**
   * @param port as {@code TIDEMILL_HTTP_PORT} has it
   * @return 0 if healthy, 1 if not
   */
  static int exitCode(String port) throws IOException, InterruptedException {
    Matcher command = COMMAND.matcher(Files.readString(Path.of("Dockerfile")));
    if (!command.find()) {
      throw new AssertionError("the Dockerfile has no HEALTHCHECK … CMD [\"…\"]");
    }
    String[] words = new ObjectMapper().readValue(command.group(1), String[].class);
    ProcessBuilder check = new ProcessBuilder(Arrays.asList(words)).inheritIO();
    check.environment().put("TIDEMILL_HTTP_PORT", port);
    return check.start().waitFor();
  }
}
