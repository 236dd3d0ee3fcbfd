package dev.tidemill.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the launcher gives Java, which is a script here that says it. */
final class LauncherTest {
  @TempDir private Path folder;

  @BeforeEach
  void an_installation_and_a_java() throws IOException {
    Files.copy(Path.of("tidemill"), folder.resolve("tidemill"));
    Files.createDirectories(folder.resolve("target"));
    Files.writeString(folder.resolve("target/tidemill.jar"), "");
    Path java = Files.createDirectories(folder.resolve("bin")).resolve("java");
    Files.writeString(java, "#!/bin/sh\necho \"[$LC_ALL][$LC_CTYPE][$LANG] $*\"\n");
    assertThat(java.toFile().setExecutable(true)).isTrue();
  }

  private String launched(Map<String, String> environment) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder("bash", folder.resolve("tidemill").toString(), "run", "a b.yaml")
            .redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().put("PATH", System.getenv("PATH"));
    builder.environment().put("JAVA_HOME", folder.toString());
    builder.environment().putAll(environment);
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }

  @Test
  void without_a_locale_as_in_cron_files_can_have_any_name() throws Exception {
    assertThat(launched(Map.of()))
        .startsWith("[C.UTF-8][][] @")
        .endsWith("tidemill.jar run a b.yaml\n");
    assertThat(launched(Map.of("LC_ALL", "POSIX", "LANG", "de_DE.UTF-8")))
        .startsWith("[C.UTF-8][][de_DE.UTF-8]");
    assertThat(launched(Map.of("LANG", "C"))).startsWith("[C.UTF-8][][C]");
  }

  @Test
  void a_locale_that_somebody_chose_stays() throws Exception {
    assertThat(launched(Map.of("LANG", "C.UTF-8"))).startsWith("[][][C.UTF-8]");
    assertThat(launched(Map.of("LC_CTYPE", "C.UTF-8", "LANG", "C"))).startsWith("[][C.UTF-8][C]");
  }
}
