package dev.tidemill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** The Java classes that a page of the manual shows, compiled as they are. */
final class ManualClasses {
  private static final Pattern BLOCK = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL);
  private static final Pattern CLASS = Pattern.compile("public final class (\\w+)");

  private ManualClasses() {}

  /** Puts them into {@code lib/acme.jar} of the folder. */
  static void jar(String page, Path folder) throws IOException {
    Path sources = Files.createDirectories(folder.resolve("java/com/acme"));
    Path classes = Files.createDirectories(folder.resolve("classes"));
    List<String> arguments =
        new ArrayList<>(
            List.of("-d", classes.toString(), "-cp", System.getProperty("java.class.path")));
    Matcher block = BLOCK.matcher(Files.readString(Path.of("docs", page)));
    while (block.find()) {
      Matcher name = CLASS.matcher(block.group(1));
      assertThat(name.find()).isTrue();
      Path source = sources.resolve(name.group(1) + ".java");
      arguments.add(Files.writeString(source, block.group(1)).toString());
    }
    int failed =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, arguments.toArray(String[]::new));
    assertThat(failed).isZero();
    Path jar = Files.createDirectories(folder.resolve("lib")).resolve("acme.jar");
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
