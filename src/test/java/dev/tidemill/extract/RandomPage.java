package dev.tidemill.extract;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonPointer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * An answer with records of {@link JsonPageStreamTest#SCHEMA} and a cursor anywhere, in any order,
 * among values of all kinds. No object has a name twice.
 */
final class RandomPage {
  private static final List<String> TEXTS =
      List.of(
          "", "a", "é\\u00e9", "𝄞\\ud834\\udd1e", "\\\"]}", "[{", "\\\\", "n\\n", "0".repeat(70));

  private final Random random;
  private final String text;
  private JsonPointer records = JsonPointer.empty();
  private JsonPointer cursor = JsonPointer.compile("/nowhere");

  /** What has to be at the end of a way. */
  private record Goal(boolean isCursor, int steps) {}

  RandomPage(Random random) {
    this.random = random;
    List<Goal> goals = new ArrayList<>(List.of(new Goal(false, random.nextInt(4))));
    if (random.nextInt(4) > 0) {
      goals.add(new Goal(true, 1 + random.nextInt(3)));
    }
    if (goals.get(0).steps() == 0) {
      goals.subList(1, goals.size()).clear();
    }
    this.text = blank() + value(goals, JsonPointer.empty()) + blank();
  }

  byte[] bytes() {
    return text.getBytes(UTF_8);
  }

  JsonPointer records() {
    return records;
  }

  JsonPointer cursor() {
    return cursor;
  }

  private String value(List<Goal> goals, JsonPointer here) {
    if (goals.size() == 1 && goals.get(0).steps() == 0) {
      return end(goals.get(0), here);
    }
    List<List<Goal>> ways = new ArrayList<>();
    boolean isLast = goals.stream().anyMatch(goal -> goal.steps() <= 1);
    if (isLast || random.nextBoolean()) {
      goals.forEach(goal -> ways.add(List.of(goal)));
    } else {
      ways.add(goals);
    }
    while (random.nextInt(3) > 0) {
      ways.add(List.of());
    }
    Collections.shuffle(ways, random);
    boolean isObject = random.nextInt(3) > 0;
    List<String> members = new ArrayList<>();
    for (int i = 0; i < ways.size(); i++) {
      String name = "k" + i;
      JsonPointer there = isObject ? here.appendProperty(name) : here.appendIndex(i);
      List<Goal> left =
          ways.get(i).stream().map(goal -> new Goal(goal.isCursor(), goal.steps() - 1)).toList();
      String value = left.isEmpty() ? any(2) : value(left, there);
      members.add(isObject ? member(name, value) : value);
    }
    return isObject ? braced("{", members, "}") : braced("[", members, "]");
  }

  private String end(Goal goal, JsonPointer here) {
    if (goal.isCursor()) {
      cursor = here;
      return one(
          () -> "\"c" + random.nextInt(9) + "\"",
          () -> String.valueOf(random.nextInt()),
          () -> "null",
          () -> "false",
          () -> "{\"a\": [1]}");
    }
    records = here;
    return random.nextInt(20) == 0
        ? "null"
        : braced("[", IntStream.range(0, random.nextInt(6)).mapToObj(i -> row()).toList(), "]");
  }

  /** Mostly one of the schema; its fields in any order, or not there. */
  private String row() {
    if (random.nextInt(10) == 0) {
      return any(3);
    }
    Map<String, Supplier<String>> fields = new LinkedHashMap<>();
    fields.put("x", this::whole);
    fields.put("s", () -> random.nextBoolean() ? text() : "null");
    fields.put("d", this::number);
    fields.put("r", () -> braced("{", List.of(member("n", whole())), "}"));
    fields.put("a", () -> braced("[", Collections.nCopies(random.nextInt(3), whole()), "]"));
    List<String> members = new ArrayList<>();
    fields.forEach(
        (name, value) -> {
          if (random.nextInt(20) > 0) {
            members.add(member(name, random.nextInt(20) == 0 ? any(2) : value.get()));
          }
        });
    while (random.nextInt(3) == 0) {
      members.add(random.nextInt(members.size() + 1), member("o" + members.size(), odd()));
    }
    if (random.nextInt(3) == 0) {
      Collections.shuffle(members, random);
    }
    return braced("{", members, "}");
  }

  /** Now and then beyond the limits of a row, which are not those of a page. */
  private String odd() {
    if (random.nextInt(30) > 0) {
      return any(2);
    }
    int depth = 90 + random.nextInt(20);
    return random.nextBoolean()
        ? "[".repeat(depth) + "]".repeat(depth)
        : braced("{", List.of(member("n".repeat(990 + random.nextInt(20)), "1")), "}");
  }

  private String any(int depth) {
    if (depth == 0 || random.nextInt(3) > 0) {
      return one(this::whole, this::number, this::text, () -> "null", () -> "true", () -> "false");
    }
    List<String> values =
        IntStream.range(0, random.nextInt(4)).mapToObj(i -> any(depth - 1)).toList();
    return random.nextBoolean()
        ? braced("[", values, "]")
        : braced(
            "{",
            IntStream.range(0, values.size())
                .mapToObj(i -> member("x" + i, values.get(i)))
                .toList(),
            "}");
  }

  private String whole() {
    return String.valueOf(random.nextInt() >> random.nextInt(32));
  }

  private String number() {
    return one(
        this::whole,
        () -> "1.10",
        () -> "-2.5e3",
        () -> "7.0",
        () -> "0.00",
        () -> "700.0e5",
        () -> "1e999",
        () -> "123456789012345678901234567890",
        () -> "0.1" + "0".repeat(random.nextInt(400)) + "1");
  }

  private String text() {
    return "\"" + TEXTS.get(random.nextInt(TEXTS.size())) + "\"";
  }

  private String member(String name, String value) {
    return "\"" + name + "\"" + blank() + ":" + blank() + value;
  }

  private String braced(String begin, List<String> members, String end) {
    String between = blank() + "," + blank();
    return begin + blank() + String.join(between, members) + blank() + end;
  }

  private String blank() {
    return random.nextInt(4) > 0 ? "" : List.of(" ", "\n", "\r\n\t", "  ").get(random.nextInt(4));
  }

  @SafeVarargs
  private String one(Supplier<String>... some) {
    return some[random.nextInt(some.length)].get();
  }
}
