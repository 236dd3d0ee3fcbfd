package dev.tidemill.sql;

import dev.tidemill.definition.FunctionDefinition;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.calcite.sql.SqlOperator;

/**
 * The functions of one definition that its user brings, found and checked before any record. Their
 * classes have a class loader of their own, whose parent is ours. Immutable and thread-safe.
 */
public final class UserFunctions {
  /** For definitions without any. */
  public static final UserFunctions NONE = new UserFunctions(List.of(), ourLoader());

  /** A function that can not be had; with the key of its definition that is wrong, or none. */
  record Wrong(String function, String key, String message) {}

  private final List<UserFunction> functions;
  private final ClassLoader loader;

  private UserFunctions(List<UserFunction> functions, ClassLoader loader) {
    this.functions = List.copyOf(functions);
    this.loader = loader;
  }

  /**
   * @param wrong takes what can not be had
   */
  static UserFunctions load(List<FunctionDefinition> definitions, List<Wrong> wrong) {
    return definitions.isEmpty() ? NONE : new Loading(definitions, wrong).load();
  }

  private static ClassLoader ourLoader() {
    return UserFunctions.class.getClassLoader();
  }

  List<SqlOperator> operators() {
    return List.copyOf(functions);
  }

  ClassLoader loader() {
    return loader;
  }

  /** What a function of this name takes; empty if there is none. */
  List<String> signatures(String name) {
    return functions.stream()
        .filter(function -> function.getName().equalsIgnoreCase(name))
        .map(UserFunction::signature)
        .toList();
  }

  List<String> names() {
    return functions.stream().map(SqlOperator::getName).distinct().toList();
  }

  private static final class Loading {
    private static final String METHOD = "eval";

    private final List<FunctionDefinition> definitions;
    private final List<Wrong> wrong;
    private final ClassLoader loader;
    private final List<UserFunction> functions = new ArrayList<>();

    Loading(List<FunctionDefinition> definitions, List<Wrong> wrong) {
      this.definitions = definitions;
      this.wrong = wrong;
      Set<Path> jars = new LinkedHashSet<>();
      definitions.forEach(definition -> definition.jar().ifPresent(jars::add));
      this.loader =
          jars.isEmpty()
              ? ourLoader()
              : new URLClassLoader(
                  jars.stream().map(Loading::url).toArray(URL[]::new), ourLoader());
    }

    private static URL url(Path jar) {
      try {
        return jar.toUri().toURL();
      } catch (MalformedURLException e) {
        throw new IllegalStateException("no URL for " + jar, e);
      }
    }

    UserFunctions load() {
      Set<String> taken = taken();
      for (FunctionDefinition definition : definitions) {
        String name = definition.name();
        if (taken.contains(name) || Syntax.isReserved(name)) {
          wrong.add(
              new Wrong(
                  name, "", "'" + name + "' has a meaning in SQL already; give it another name"));
          continue;
        }
        found(definition).ifPresent(type -> read(definition, type));
      }
      return new UserFunctions(functions, loader);
    }

    private static Set<String> taken() {
      Set<String> taken = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
      Catalog.OPERATORS.getOperatorList().forEach(operator -> taken.add(operator.getName()));
      taken.addAll(AggregateFunctions.NAMES);
      taken.addAll(Unsupported.NAMES);
      PseudoColumn.names().forEach(taken::add);
      return taken;
    }

    private Optional<Class<?>> found(FunctionDefinition definition) {
      String where = definition.jar().map(Path::toString).orElse("the class path");
      String name = definition.className();
      try {
        Class<?> type = Class.forName(name, false, loader);
        if (isPublic(type)) {
          return Optional.of(type);
        }
        wrong(definition, "class '" + name + "' is not public");
      } catch (ClassNotFoundException e) {
        wrong(definition, "there is no class '" + name + "' in " + where);
      } catch (LinkageError e) {
        wrong(definition, "class '" + name + "' can not be loaded: " + e);
      }
      return Optional.empty();
    }

    private static boolean isPublic(Class<?> type) {
      return Modifier.isPublic(type.getModifiers())
          && (type.getDeclaringClass() == null || isPublic(type.getDeclaringClass()));
    }

    private void read(FunctionDefinition definition, Class<?> type) {
      try {
        List<Method> methods =
            Arrays.stream(type.getMethods())
                .filter(m -> m.getName().equals(METHOD) && !m.isBridge())
                .filter(m -> m.getDeclaringClass() != Object.class)
                .toList();
        if (methods.stream().noneMatch(m -> Modifier.isStatic(m.getModifiers()))) {
          wrong(
              definition,
              "class '%s' has no method 'public static … %s(…)', which a function needs"
                  .formatted(type.getName(), METHOD));
          return;
        }
        methods.stream()
            .filter(m -> Modifier.isStatic(m.getModifiers()))
            .filter(m -> isTyped(definition, m))
            .forEach(m -> functions.add(UserFunction.of(definition.name(), m)));
      } catch (LinkageError e) {
        wrong(definition, "class '" + type.getName() + "' can not be loaded: " + e);
      }
    }

    private boolean isTyped(FunctionDefinition definition, Method method) {
      List<Class<?>> types = new ArrayList<>(List.of(method.getParameterTypes()));
      types.add(method.getReturnType());
      for (Class<?> type : types) {
        if (UserType.of(type).isEmpty()) {
          wrong(
              definition,
              "%s in %s is not a type that SQL has here; the types are %s"
                  .formatted(type.getSimpleName(), text(method), UserType.names()));
          return false;
        }
      }
      return true;
    }

    private static String text(Method method) {
      return method
          .toGenericString()
          .replaceFirst("^(public|static|final|synchronized| )+", "")
          .replaceAll("\\b[a-z]\\w*\\.", "")
          .replaceAll(" throws .*", "");
    }

    private void wrong(FunctionDefinition definition, String message) {
      wrong.add(new Wrong(definition.name(), "class", message));
    }
  }
}
