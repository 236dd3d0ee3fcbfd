package dev.tidemill.definition;

import java.util.regex.Pattern;

/** How things of a definition may be called. */
final class Names {
  private static final String IDENTIFIER_PATTERN = "[A-Za-z_][A-Za-z0-9_]{0,62}";
  private static final Pattern PIPELINE = Pattern.compile("[a-z][a-z0-9-]{0,62}");
  private static final Pattern IDENTIFIER = Pattern.compile(IDENTIFIER_PATTERN);
  private static final Pattern TABLE =
      Pattern.compile("(%s\\.)?%s".formatted(IDENTIFIER_PATTERN, IDENTIFIER_PATTERN));
  private static final Pattern RULE = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,62}");

  private static final Pattern CLASS =
      Pattern.compile("([A-Za-z_][A-Za-z0-9_]*\\.)*[A-Za-z_$][A-Za-z0-9_$]*");

  private Names() {}

  /**
   * @throws IllegalArgumentException if it can not be a pipeline's name
   */
  static String pipeline(String name) {
    return check(
        PIPELINE,
        name,
        "'%s' can not be a pipeline's name; write up to 63 small letters, digits and '-', a"
            + " letter first");
  }

  /**
   * @throws IllegalArgumentException if it can not be a table's name
   */
  static String table(String name) {
    return check(
        TABLE,
        name,
        "'%s' can not be a table's name; write letters, digits and '_' (schema.table if need be)");
  }

  /**
   * @throws IllegalArgumentException if it can not be written in SQL without quotes
   */
  static String source(String name) {
    return check(
        IDENTIFIER,
        name,
        "'%s' can not be a source's name: the SQL has to name it; write letters, digits and '_'");
  }

  /**
   * @throws IllegalArgumentException if it can not be written in SQL without quotes
   */
  static String function(String name) {
    return check(
        IDENTIFIER,
        name,
        "'%s' can not be a function's name: the SQL has to name it; write letters, digits and '_'");
  }

  /**
   * @throws IllegalArgumentException if it can not be the name of a class of Java
   */
  static String javaClass(String name) {
    return check(
        CLASS, name, "'%s' can not be a class; write its full name, such as com.acme.Haversine");
  }

  /**
   * @throws IllegalArgumentException if it can not be written in SQL without quotes
   */
  static String query(String name) {
    return check(
        IDENTIFIER,
        name,
        "'%s' can not be a query's name: other SQL may name it; write letters, digits and '_'");
  }

  /**
   * @throws IllegalArgumentException if it can not be a rule's name
   */
  static String rule(String name) {
    return check(RULE, name, "'%s' can not be a rule's name; write letters, digits, '-' and '_'");
  }

  /**
   * @throws IllegalArgumentException if it can not be a gate's name
   */
  static String gate(String name) {
    return check(RULE, name, "'%s' can not be a gate's name; write letters, digits, '-' and '_'");
  }

  private static String check(Pattern pattern, String name, String message) {
    if (!pattern.matcher(name).matches()) {
      throw new IllegalArgumentException(message.formatted(name));
    }
    return name;
  }
}
