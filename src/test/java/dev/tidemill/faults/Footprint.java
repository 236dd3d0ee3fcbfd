package dev.tidemill.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.cli.ForkedTidemill;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The memory that a process takes.
 *
 * @param heap bytes of objects that live
 * @param resident bytes of the process, those of RocksDB among them
 */
record Footprint(long heap, long resident) {
  static final long MIB = 1 << 20;

  private static final Pattern LIVE = Pattern.compile("Total +[0-9]+ +([0-9]+)");
  private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+([0-9]+) kB");

  /** Counts what lives, after a collection: what is used besides may be garbage a moment later. */
  static Footprint of(ForkedTidemill process) throws IOException, InterruptedException {
    Matcher live = LIVE.matcher(jcmd(process, "GC.class_histogram"));
    Matcher resident =
        RESIDENT.matcher(Files.readString(Path.of("/proc", "" + process.pid(), "status")));
    assertThat(live.find() && resident.find()).as("memory is told").isTrue();
    return new Footprint(Long.parseLong(live.group(1)), Long.parseLong(resident.group(1)) * 1024);
  }

  private static String jcmd(ForkedTidemill process, String command)
      throws IOException, InterruptedException {
    Process jcmd =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                "" + process.pid(),
                command)
            .redirectErrorStream(true)
            .start();
    String said = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(jcmd.waitFor()).as(said).isZero();
    return said;
  }

  @Override
  public String toString() {
    return "%.1f MiB heap, %d MiB resident".formatted((double) heap / MIB, resident / MIB);
  }
}
