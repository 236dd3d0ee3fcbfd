package dev.tidemill.definition;

import dev.tidemill.events.EventListener;
import dev.tidemill.events.EventType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads {@code listeners:} of the server file and makes them: what is wrong with a class is known
 * before anything runs. Each jar has a class loader of its own, whose parent is ours.
 */
final class ListenersReader {
  private final Path folder;

  /**
   * @param folder what paths of jars are relative to
   */
  ListenersReader(Path folder) {
    this.folder = folder;
  }

  /** Those that could be made, in the order of the file. */
  List<ListenerSettings> read(Section server) {
    List<ListenerSettings> listeners = new ArrayList<>();
    for (Section listener : server.sections("listeners", Vocabulary.LISTENER).orElse(List.of())) {
      Optional<Optional<Path>> jar =
          listener.text("jar", path -> Optional.of(jar(path)), Optional.empty());
      List<String> events = events(listener);
      Optional<Text> className = listener.text("class");
      if (jar.isPresent() && className.isPresent()) {
        className
            .flatMap(text -> text.as(name -> made(Names.javaClass(name), jar.get())))
            .map(made -> new ListenerSettings(className.get().value(), events, made))
            .ifPresent(listeners::add);
      }
    }
    return listeners;
  }

  private static List<String> events(Section listener) {
    if (!listener.has("events")) {
      return List.of("");
    }
    return listener.texts("events").orElse(List.of()).stream()
        .flatMap(text -> text.as(ListenersReader::prefix).stream())
        .toList();
  }

  private static String prefix(String text) {
    if (!EventType.prefixes().contains(text)) {
      throw new IllegalArgumentException(
          "no event begins with '%s'%s; docs/events.md lists them"
              .formatted(text, Nearest.hint(text, EventType.prefixes())));
    }
    return text;
  }

  private Path jar(String written) {
    Path file = folder.resolve(written).normalize();
    if (!Files.isRegularFile(file)) {
      throw new IllegalArgumentException(
          "there is no jar '%s'; its path is relative to this file".formatted(written));
    }
    return file;
  }

  /**
   * @throws IllegalArgumentException with what is wrong with the class
   */
  private static EventListener made(String name, Optional<Path> jar) {
    ClassLoader ours = ListenersReader.class.getClassLoader();
    try {
      ClassLoader loader =
          jar.isPresent() ? new URLClassLoader(new URL[] {url(jar.get())}, ours) : ours;
      Class<?> type = Class.forName(name, false, loader);
      if (!EventListener.class.isAssignableFrom(type)) {
        throw new IllegalArgumentException(
            "class '%s' does not implement %s".formatted(name, EventListener.class.getName()));
      }
      if (!Modifier.isPublic(type.getModifiers())) {
        throw new IllegalArgumentException("class '" + name + "' is not public");
      }
      return (EventListener) type.getConstructor().newInstance();
    } catch (ClassNotFoundException e) {
      throw new IllegalArgumentException(
          "there is no class '%s' in %s"
              .formatted(name, jar.map(Path::toString).orElse("the class path")),
          e);
    } catch (NoSuchMethodException | InstantiationException | IllegalAccessException e) {
      throw new IllegalArgumentException(
          "class '%s' has no public constructor without arguments, which a listener needs"
              .formatted(name),
          e);
    } catch (InvocationTargetException e) {
      throw new IllegalArgumentException(
          "the constructor of class '%s' throws %s".formatted(name, e.getCause()), e);
    } catch (LinkageError e) {
      throw new IllegalArgumentException("class '%s' can not be loaded: %s".formatted(name, e), e);
    }
  }

  private static URL url(Path jar) {
    try {
      return jar.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalStateException("no URL for " + jar, e);
    }
  }
}
