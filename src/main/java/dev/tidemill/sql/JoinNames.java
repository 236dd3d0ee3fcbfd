package dev.tidemill.sql;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the counts of joins are called: as the relation in which partners are looked for. If a
 * statement looks in one relation by several aliases, each of them is a name of its own.
 */
final class JoinNames {

  /** Of partners that are themselves the rows of a join. */
  private static final String JOINED = "join";

  private record Reading(String relation, String alias) {}

  private final List<Reading> joins = new ArrayList<>();

  /**
   * @param partners empty if they are not the rows of one relation
   * @return the place in {@link #names}
   */
  int add(Optional<Relation> partners) {
    joins.add(
        partners
            .map(relation -> new Reading(relation.name(), relation.alias()))
            .orElse(new Reading(JOINED, JOINED)));
    return joins.size() - 1;
  }

  /** Equal names are counted together. */
  List<String> names() {
    Map<String, Set<String>> aliases = new HashMap<>();
    joins.forEach(
        join -> aliases.computeIfAbsent(join.relation, r -> new HashSet<>()).add(join.alias));
    Set<String> relations = new HashSet<>();
    aliases.keySet().forEach(name -> relations.add(name.toLowerCase(Locale.ROOT)));
    return joins.stream().map(join -> name(join, aliases, relations)).toList();
  }

  private static String name(
      Reading join, Map<String, Set<String>> aliases, Set<String> relations) {
    if (aliases.get(join.relation).size() == 1 || join.alias.equals(join.relation)) {
      return join.relation;
    }
    return relations.contains(join.alias.toLowerCase(Locale.ROOT))
        ? join.relation + "_" + join.alias
        : join.alias;
  }
}
