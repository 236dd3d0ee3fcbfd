package dev.tidemill.definition;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * A YAML file as nodes with positions. Files are small and not trusted: their size, depth of
 * references and characters are limited.
 *
 * @param root empty if the file is empty or is not YAML, which is then reported
 */
record YamlFile(FileText text, Optional<Node> root) {
  private static final int MAX_BYTES = 1024 * 1024;
  private static final int MAX_ALIASES = 50;
  private static final int MAX_DEPTH = 50;

  /** What relative paths in {@code file} are relative to. */
  static Path folder(Path file) {
    Path absolute = file.toAbsolutePath().normalize();
    return absolute.getParent() == null ? absolute : absolute.getParent();
  }

  static YamlFile read(Path file, Problems problems) {
    String text = text(file, problems);
    FileText places = new FileText(text);
    return new YamlFile(
        places, text.isEmpty() ? Optional.empty() : compose(text, places, problems));
  }

  /** What is written elsewhere than in a file. */
  static YamlFile of(String text, Problems problems) {
    FileText places = new FileText(text);
    return new YamlFile(places, compose(text, places, problems));
  }

  private static String text(Path file, Problems problems) {
    try {
      if (!Files.exists(file)) {
        problems.add(Position.START, "there is no such file; check its path");
        return "";
      }
      if (Files.isDirectory(file)) {
        problems.add(Position.START, "is a folder; name a YAML file in it");
        return "";
      }
      if (Files.size(file) > MAX_BYTES) {
        problems.add(Position.START, "is larger than 1 MB; a definition is a small text file");
        return "";
      }
      byte[] bytes = Files.readAllBytes(file);
      if (bytes.length == 0) {
        problems.add(Position.START, "is empty; begin with 'pipeline: name'");
      }
      return decode(bytes, problems);
    } catch (IOException e) {
      problems.add(Position.START, "can not be read: " + e.getMessage());
      return "";
    }
  }

  private static String decode(byte[] bytes, Problems problems) {
    CharBuffer decoded = CharBuffer.allocate(bytes.length);
    CoderResult result =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .decode(ByteBuffer.wrap(bytes), decoded, true);
    String text = decoded.flip().toString();
    if (result.isError()) {
      FileText before = new FileText(text);
      problems.add(
          before.positionOf(before.length()), "is not UTF-8 from here on; save it as UTF-8");
      return "";
    }
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }

  private static Optional<Node> compose(String text, FileText places, Problems problems) {
    LoadSettings settings =
        LoadSettings.builder()
            .setMaxAliasesForCollections(MAX_ALIASES)
            .setCodePointLimit(MAX_BYTES)
            .setAllowRecursiveKeys(false)
            .build();
    try {
      if (isTooDeep(settings, text, places, problems)) {
        return Optional.empty();
      }
      Optional<Node> root = new Compose(settings).composeString(text);
      if (root.isEmpty()) {
        problems.add(Position.START, "holds nothing but comments; begin with 'pipeline: name'");
      }
      return root;
    } catch (MarkedYamlEngineException e) {
      report(e, places, problems);
    } catch (ReaderException e) {
      problems.add(
          places.positionOf(e.getPosition()),
          "character U+%04X is not allowed in YAML; remove it".formatted(e.getCodePoint()));
    } catch (YamlEngineException e) {
      problems.add(Position.START, "is not YAML: " + e.getMessage());
    }
    return Optional.empty();
  }

  /** Nodes are composed by recursion, which a file could drive into the end of the stack. */
  private static boolean isTooDeep(
      LoadSettings settings, String text, FileText places, Problems problems) {
    int depth = 0;
    for (Event event : new Parse(settings).parseString(text)) {
      if (event instanceof CollectionStartEvent) {
        depth++;
      } else if (event instanceof CollectionEndEvent) {
        depth--;
      }
      if (depth > MAX_DEPTH) {
        int place = event.getStartMark().map(Mark::getIndex).orElse(0);
        problems.add(
            places.positionOf(place),
            "is nested deeper than %d levels; a definition is flat".formatted(MAX_DEPTH));
        return true;
      }
    }
    return false;
  }

  private static void report(MarkedYamlEngineException e, FileText places, Problems problems) {
    int found = e.getProblemMark().or(e::getContextMark).map(Mark::getIndex).orElse(0);
    int began = e.getContextMark().map(Mark::getIndex).orElse(found);
    // What is never closed is only noticed at the end; a person has to look where it began.
    int place = found >= places.length() ? began : found;
    String context =
        e.getContext() == null || e.getContext().isEmpty() ? "" : e.getContext() + ", ";
    String start = began == place ? "" : " (it began at " + places.positionOf(began) + ")";
    String reason =
        e.getProblem().replaceFirst("\\.? ?(\\(Do not use .* for indentation\\))?$", "");
    problems.add(
        places.positionOf(place),
        "is not YAML: " + context + reason + start + hint(context, places.at(found)));
  }

  private static String hint(String context, int codePoint) {
    if (context.contains("alias")) {
      return "; put a text that begins with '*' in quotes";
    }
    return switch (codePoint) {
      case '@', '`', '%' -> "; put a text that begins with '%c' in quotes".formatted(codePoint);
      case '\t' -> "; indent with spaces, not with tabs";
      case '*' -> "; put a text that begins with '*' in quotes";
      default -> "";
    };
  }
}
