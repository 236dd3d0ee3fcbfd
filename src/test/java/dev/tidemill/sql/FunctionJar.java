package dev.tidemill.sql;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** Compiles functions as a user does, into a jar. */
public final class FunctionJar {
  private FunctionJar() {}

  /**
   * @param sources by the names of their classes
   * @return the jar
   */
  public static Path write(Path jar, Map<String, String> sources) {
    try {
      Files.createDirectories(jar.getParent());
      Path folder = Files.createTempDirectory(jar.getParent(), "java");
      Path classes = Files.createDirectory(folder.resolve("classes"));
      List<String> arguments = new ArrayList<>(List.of("-d", classes.toString(), "-cp", ours()));
      for (Map.Entry<String, String> source : sources.entrySet()) {
        Path file = folder.resolve(source.getKey().replace('.', '/') + ".java");
        Files.createDirectories(file.getParent());
        arguments.add(Files.writeString(file, source.getValue()).toString());
      }
      int failed =
          ToolProvider.getSystemJavaCompiler()
              .run(null, null, null, arguments.toArray(String[]::new));
      if (failed != 0) {
        throw new AssertionError("does not compile: " + sources);
      }
      pack(classes, jar);
      return jar;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String ours() {
    try {
      return Path.of(
              UserFunctions.class.getProtectionDomain().getCodeSource().getLocation().toURI())
          .toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void pack(Path classes, Path jar) throws IOException {
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file);
        Stream<Path> all = Files.walk(classes)) {
      for (Path compiled : all.filter(Files::isRegularFile).toList()) {
        out.putNextEntry(new JarEntry(classes.relativize(compiled).toString().replace('\\', '/')));
        Files.copy(compiled, out);
        out.closeEntry();
      }
    }
  }
}
