package dev.tidemill.sql;

import dev.tidemill.definition.FunctionDefinition;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.zip.CRC32;

/**
 * What the user's functions are made of, in short: the same as long as their code is the same,
 * whenever it was built. It does not tell an attacker's code from ours.
 */
final class FunctionCode {
  private FunctionCode() {}

  /**
   * @param loader finds the classes that are in no jar
   * @throws UncheckedIOException if the code can not be read
   */
  static String of(List<FunctionDefinition> definitions, ClassLoader loader) {
    StringBuilder code = new StringBuilder();
    for (FunctionDefinition definition : definitions) {
      code.append(definition.name()).append(' ').append(definition.className()).append('\n');
      if (definition.jar().isEmpty()) {
        ofClass(definition.className(), loader, code);
      }
    }
    definitions.stream()
        .flatMap(definition -> definition.jar().stream())
        .distinct()
        .forEach(jar -> ofJar(jar, code));
    return code.toString();
  }

  private static void ofClass(String name, ClassLoader loader, StringBuilder code) {
    try (InputStream in = loader.getResourceAsStream(name.replace('.', '/') + ".class")) {
      CRC32 sum = new CRC32();
      sum.update(in == null ? new byte[0] : in.readAllBytes());
      code.append(sum.getValue()).append('\n');
    } catch (IOException e) {
      throw new UncheckedIOException("can not read class " + name, e);
    }
  }

  /** All of it, since functions use other classes; but not what says when it was built. */
  private static void ofJar(Path path, StringBuilder code) {
    try (JarFile jar = new JarFile(path.toFile(), false)) {
      jar.stream()
          .filter(entry -> !entry.isDirectory() && !entry.getName().startsWith("META-INF/"))
          .sorted(Comparator.comparing(JarEntry::getName))
          .forEach(
              entry ->
                  code.append(entry.getName())
                      .append(' ')
                      .append(entry.getCrc())
                      .append(' ')
                      .append(entry.getSize())
                      .append('\n'));
    } catch (IOException e) {
      throw new UncheckedIOException("can not read " + path, e);
    }
  }
}
