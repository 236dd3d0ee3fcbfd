package dev.tidemill.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** What Linux tells of processes and the machine. */
final class Proc {
  /** USER_HZ: the same on every Linux that Java runs on. */
  private static final double TICKS = 100;

  private Proc() {}

  /** CPU seconds that a process has used, user and system. */
  static double cpuSeconds(long pid) {
    String stat = read("/proc/" + pid + "/stat");
    // The name, in parentheses, may hold spaces; the state follows as field 3.
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS;
  }

  /** The largest resident set that this process ever had. */
  static double peakRssMb() {
    String line =
        read("/proc/self/status")
            .lines()
            .filter(text -> text.startsWith("VmHWM:"))
            .findFirst()
            .orElseThrow();
    return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
  }

  /** CPU seconds that the hypervisor gave to others, of all CPUs together. */
  static double stealSeconds() {
    return machine(8, 8);
  }

  /** CPU seconds that all processes and the kernel have used, of all CPUs together. */
  static double busySeconds() {
    return machine(1, 3) + machine(6, 7); // user, nice, system; not idle, iowait; irq, softirq
  }

  private static double machine(int first, int last) {
    String[] fields = read("/proc/stat").lines().findFirst().orElseThrow().split(" +");
    return Arrays.stream(fields, first, last + 1).mapToLong(Long::parseLong).sum() / TICKS;
  }

  private static String read(String file) {
    try {
      return Files.readString(Path.of(file));
    } catch (IOException e) {
      throw new UncheckedIOException("the benchmark needs Linux: " + file + " can not be read", e);
    }
  }
}
