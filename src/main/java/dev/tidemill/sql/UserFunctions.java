package dev.tidemill.sql;

import dev.tidemill.definition.FunctionDefinition;
import java.lang.invoke.MethodType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.calcite.sql.SqlOperator;

/**
 * The functions of one definition that its user brings, found and checked before any record. Their
 * classes have a class loader of their own, whose parent is ours. Immutable and thread-safe.
 */
public final class UserFunctions {
  /** For definitions without any. */
  public static final UserFunctions NONE =
      new UserFunctions(List.of(), List.of(), List.of(), ourLoader());

  /** A function that can not be had; with the key of its definition that is wrong, or none. */
  public record Wrong(String function, String key, String message) {}

  private final List<FunctionDefinition> definitions;
  private final List<UserFunction> functions;
  private final List<UserAggregateFunction> aggregates;
  private final ClassLoader loader;

  private UserFunctions(
      List<FunctionDefinition> definitions,
      List<UserFunction> functions,
      List<UserAggregateFunction> aggregates,
      ClassLoader loader) {
    this.definitions = List.copyOf(definitions);
    this.functions = List.copyOf(functions);
    this.aggregates = List.copyOf(aggregates);
    this.loader = loader;
  }

  /**
   * @param wrong takes what can not be had
   */
  public static UserFunctions load(List<FunctionDefinition> definitions, List<Wrong> wrong) {
    return definitions.isEmpty() ? NONE : new Loading(definitions, wrong).load();
  }

  private static ClassLoader ourLoader() {
    return UserFunctions.class.getClassLoader();
  }

  List<SqlOperator> operators() {
    return Stream.<SqlOperator>concat(functions.stream(), aggregates.stream()).toList();
  }

  /** Whether an aggregate of the user has this name. */
  boolean isAggregate(String name) {
    return aggregates.stream().anyMatch(a -> a.getName().equalsIgnoreCase(name));
  }

  ClassLoader loader() {
    return loader;
  }

  /**
   * Another text if the code is another one; of any length.
   *
   * @throws java.io.UncheckedIOException if it can not be read
   */
  public String code() {
    return FunctionCode.of(definitions, loader);
  }

  /** What a function of this name takes; empty if there is none. */
  List<String> signatures(String name) {
    return Stream.concat(
            functions.stream(), aggregates.stream().map(UserAggregateFunction::prepare))
        .filter(function -> function.getName().equalsIgnoreCase(name))
        .map(UserFunction::signature)
        .toList();
  }

  List<String> names() {
    return operators().stream().map(SqlOperator::getName).distinct().toList();
  }

  private static final class Loading {
    private static final String METHOD = "eval";

    private final List<FunctionDefinition> definitions;
    private final List<Wrong> wrong;
    private final ClassLoader loader;
    private final List<UserFunction> functions = new ArrayList<>();
    private final List<UserAggregateFunction> aggregates = new ArrayList<>();

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
      return new UserFunctions(definitions, functions, aggregates, loader);
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
                .sorted(Comparator.comparing(Method::toGenericString))
                .toList();
        if (methods.stream().noneMatch(m -> Modifier.isStatic(m.getModifiers()))) {
          wrong(
              definition,
              "class '%s' has no method 'public static … %s(…)', which a function needs"
                  .formatted(type.getName(), METHOD));
          return;
        }
        List<Method> callable =
            methods.stream().filter(m -> Modifier.isStatic(m.getModifiers())).toList();
        if (UserAggregate.class.isAssignableFrom(type)) {
          aggregate(definition, type, callable);
          return;
        }
        callable.stream()
            .filter(m -> isTyped(definition, m) && isTyped(definition, m, m.getReturnType()))
            .forEach(m -> functions.add(UserFunction.of(definition.name(), m)));
      } catch (LinkageError e) {
        wrong(definition, "class '" + type.getName() + "' can not be loaded: " + e);
      }
    }

    private void aggregate(FunctionDefinition definition, Class<?> type, List<Method> methods) {
      Optional<Method> result = only(definition, type, "result");
      Optional<Method> decode = only(definition, type, "decode");
      if (result.isEmpty() || decode.isEmpty()) {
        return;
      }
      Optional<UserAggregate<Object, Object>> aggregate = instance(definition, type);
      for (Method method : methods) {
        if (!decode.get().getReturnType().isAssignableFrom(boxed(method.getReturnType()))) {
          wrong(
              definition,
              "%s does not give the state of the aggregate, which is %s"
                  .formatted(text(method), decode.get().getReturnType().getSimpleName()));
        } else if (isTyped(definition, method)
            && isTyped(definition, result.get(), result.get().getReturnType())) {
          aggregate.ifPresent(
              a ->
                  aggregates.add(
                      new UserAggregateFunction(
                          definition.name(),
                          a,
                          UserFunction.preparing(definition.name(), type, method),
                          List.of(method.getParameterTypes()),
                          UserType.of(result.get().getReturnType()).orElseThrow())));
        }
      }
    }

    /** The class's own, with its types, of those that the compiler adds. */
    private Optional<Method> only(FunctionDefinition definition, Class<?> type, String name) {
      Optional<Method> found =
          Arrays.stream(type.getMethods())
              .filter(m -> m.getName().equals(name) && m.getParameterCount() == 1 && !m.isBridge())
              .findFirst();
      if (found.isEmpty()) {
        wrong(definition, "class '%s' has no method '%s(…)'".formatted(type.getName(), name));
      }
      return found;
    }

    private static Class<?> boxed(Class<?> type) {
      return MethodType.methodType(type).wrap().returnType();
    }

    @SuppressWarnings("unchecked") // it takes what its own methods have made
    private Optional<UserAggregate<Object, Object>> instance(
        FunctionDefinition definition, Class<?> type) {
      try {
        return Optional.of((UserAggregate<Object, Object>) type.getConstructor().newInstance());
      } catch (NoSuchMethodException | InstantiationException | IllegalAccessException e) {
        wrong(
            definition,
            "class '%s' has no public constructor without arguments, which an aggregate needs"
                .formatted(type.getName()));
      } catch (InvocationTargetException e) {
        wrong(
            definition,
            "the constructor of class '%s' throws %s".formatted(type.getName(), e.getCause()));
      }
      return Optional.empty();
    }

    private boolean isTyped(FunctionDefinition definition, Method method) {
      return isTyped(definition, method, List.of(method.getParameterTypes()));
    }

    private boolean isTyped(FunctionDefinition definition, Method method, Class<?> result) {
      return isTyped(definition, method, List.of(result));
    }

    private boolean isTyped(FunctionDefinition definition, Method method, List<Class<?>> types) {
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
