package dev.tidemill.cli;

import dev.tidemill.definition.Origin;
import dev.tidemill.definition.SourceOrigin;
import dev.tidemill.extract.FileSchema;
import dev.tidemill.extract.InferredSchema;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.avro.Schema;
import org.apache.avro.SchemaFormatter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tidemill schema}: the schema of a source, from what it reads. */
@Command(
    name = "schema",
    mixinStandardHelpOptions = true,
    description =
        "Print an Avro schema for what a source reads: of a database by the types of its columns,"
            + " of files by what the first one holds."
            + " The rest of the definition need not be complete.")
final class SchemaCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "FILE", description = "A pipeline definition (YAML).")
  private Path file;

  @Parameters(
      index = "1",
      paramLabel = "SOURCE",
      description = "One of its sources, with 'jdbc' or 'file'.")
  private String source;

  @Option(
      names = "--write",
      description = "Write it to where the definition says that it is, unless there is a file.")
  private boolean write;

  @Override
  public Integer call() throws IOException {
    PrintWriter err = spec.commandLine().getErr();
    SourceOrigin read = SourceOrigin.read(file, source, System::getenv);
    read.problems().forEach(err::println);
    if (read.origin().isEmpty()) {
      return Main.WRONG;
    }
    String schema;
    try {
      Optional<Schema> found = schema(read.origin().get());
      if (found.isEmpty()) {
        err.println(
            "tidemill: source '" + source + "' is read neither from a database nor from files");
        return Main.WRONG;
      }
      schema = SchemaFormatter.format("json/pretty", found.get()) + System.lineSeparator();
    } catch (IllegalArgumentException e) {
      err.println(e.getMessage());
      return Main.WRONG;
    }
    if (!write) {
      spec.commandLine().getOut().print(schema);
      spec.commandLine().getOut().flush();
      return Main.DONE;
    }
    return write(schema, read.schema(), err);
  }

  private Optional<Schema> schema(Origin origin) {
    if (origin instanceof Origin.Jdbc jdbc) {
      return Optional.of(InferredSchema.of(source, jdbc));
    }
    return origin instanceof Origin.Files files
        ? Optional.of(FileSchema.of(source, files))
        : Optional.empty();
  }

  private int write(String schema, Optional<Path> path, PrintWriter err) throws IOException {
    if (path.isEmpty()) {
      err.println("tidemill: source '" + source + "' has no 'schema'; write a path there");
      return Main.WRONG;
    }
    if (Files.exists(path.get())) {
      err.println("tidemill: " + path.get() + " is there already; remove it, or leave --write out");
      return Main.WRONG;
    }
    Files.createDirectories(path.get().getParent());
    Files.writeString(path.get(), schema);
    err.println("Wrote " + Picture.relative(path.get()));
    return Main.DONE;
  }
}
