package dev.tidemill.sql;

import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.calcite.linq4j.tree.Expression;
import org.apache.calcite.linq4j.tree.Expressions;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.sql.type.SqlTypeFamily;
import org.apache.calcite.sql.type.SqlTypeName;

/** The types of Java that functions of users can have, and what they are in SQL. */
enum UserType {
  BOOLEAN(SqlTypeName.BOOLEAN, SqlTypeFamily.BOOLEAN, Boolean.class, boolean.class),
  INT(SqlTypeName.INTEGER, SqlTypeFamily.INTEGER, Integer.class, int.class),
  LONG(SqlTypeName.BIGINT, SqlTypeFamily.INTEGER, Long.class, long.class),
  FLOAT(SqlTypeName.REAL, SqlTypeFamily.NUMERIC, Float.class, float.class),
  DOUBLE(SqlTypeName.DOUBLE, SqlTypeFamily.NUMERIC, Double.class, double.class),
  DECIMAL(SqlTypeName.DECIMAL, SqlTypeFamily.EXACT_NUMERIC, BigDecimal.class),
  STRING(SqlTypeName.VARCHAR, SqlTypeFamily.CHARACTER, String.class),
  BYTES(SqlTypeName.VARBINARY, SqlTypeFamily.BINARY, byte[].class),
  DATE(SqlTypeName.DATE, SqlTypeFamily.DATE, LocalDate.class),
  TIME(SqlTypeName.TIME, SqlTypeFamily.TIME, LocalTime.class),
  TIMESTAMP(SqlTypeName.TIMESTAMP, SqlTypeFamily.TIMESTAMP, Instant.class);

  /** Of decimals that come out of a function, which do not say it themselves. */
  static final int DIGITS = 38;

  static final int SCALE = 9;

  private final SqlTypeName sql;
  private final SqlTypeFamily family;
  private final List<Class<?>> classes;

  UserType(SqlTypeName sql, SqlTypeFamily family, Class<?>... classes) {
    this.sql = sql;
    this.family = family;
    this.classes = List.of(classes);
  }

  static Optional<UserType> of(Type type) {
    return Arrays.stream(values()).filter(t -> t.classes.contains(type)).findFirst();
  }

  /** All of them, for a message. */
  static String names() {
    return Arrays.stream(values())
        .flatMap(
            type -> Stream.concat(type.classes.stream().skip(1), type.classes.stream().limit(1)))
        .map(Class::getSimpleName)
        .collect(Collectors.joining(", "));
  }

  SqlTypeName sql() {
    return sql;
  }

  SqlTypeFamily family() {
    return family;
  }

  RelDataType type(RelDataTypeFactory types) {
    return this == DECIMAL ? types.createSqlType(sql, DIGITS, SCALE) : types.createSqlType(sql);
  }

  /** Java that makes an argument of a value of Calcite's. */
  Expression toUser(Expression value, Class<?> parameter) {
    return switch (this) {
      case DATE, TIME, TIMESTAMP, BYTES ->
          Expressions.call(UserValues.class, "to" + suffix(), Expressions.box(value));
      default ->
          parameter.isPrimitive()
              ? Expressions.unbox(value)
              : Expressions.convert_(Expressions.box(value), parameter);
    };
  }

  /** Java that makes a value of Calcite's of what a function gave. */
  Expression fromUser(Expression value) {
    return switch (this) {
      case DATE, TIME, TIMESTAMP, BYTES ->
          Expressions.call(UserValues.class, "from" + suffix(), value);
      default -> value;
    };
  }

  private String suffix() {
    return name().charAt(0) + name().substring(1).toLowerCase(Locale.ROOT);
  }
}
