package dev.tidemill.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A file system of a few megabytes in memory. Only root on Linux can have one.
 *
 * @param why it could not be mounted; empty: it is
 */
record SmallDisk(Path folder, String why) implements AutoCloseable {

  static SmallDisk mount(Path folder, String size) throws IOException {
    Files.createDirectories(folder);
    String said = run("mount", "-t", "tmpfs", "-o", "size=" + size, "tidemill", folder.toString());
    return new SmallDisk(folder, said.isEmpty() ? "" : "no small disk can be mounted: " + said);
  }

  boolean isMounted() {
    return why.isEmpty();
  }

  void grow(String size) throws IOException {
    String said = run("mount", "-o", "remount,size=" + size, folder.toString());
    if (!said.isEmpty()) {
      throw new IOException(said);
    }
  }

  /** Leaves no byte; deleting the file that is returned gives them back. */
  Path fill() throws IOException {
    Path ballast = folder.resolve("ballast");
    try (OutputStream out = Files.newOutputStream(ballast)) {
      while (true) {
        out.write(new byte[4096]);
      }
    } catch (IOException full) {
      return ballast;
    }
  }

  /** What the command complained about; empty if it did what it was told. */
  private static String run(String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), UTF_8).trim();
      return process.waitFor() == 0 ? "" : List.of(command) + ": " + said;
    } catch (IOException e) {
      return e.getMessage(); // there is no such command
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted";
    }
  }

  @Override
  public void close() {
    if (isMounted()) {
      run("umount", "-l", folder.toString());
    }
  }
}
