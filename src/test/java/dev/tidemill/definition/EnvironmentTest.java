package dev.tidemill.definition;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EnvironmentTest {
  private final Environment environment =
      new Environment(
          Map.of("URL", "jdbc:x?p=hunter2", "PW", "hunter2", "N", "1", "E", "", "OTHER", "word")
              ::get);

  @BeforeEach
  void use() {
    for (String name : new String[] {"URL", "PW", "N", "E", "NONE"}) {
      environment.get(name);
    }
  }

  @Test
  void takes_out_a_value_that_was_used() {
    assertThat(environment.redact("no 'hunter2'")).isEqualTo("no '${env:PW}'");
  }

  @Test
  void takes_out_the_outer_of_two_values() {
    assertThat(environment.redact("no 'jdbc:x?p=hunter2'")).isEqualTo("no '${env:URL}'");
  }

  @Test
  void takes_out_a_short_value_where_it_stands_alone() {
    assertThat(environment.redact("'1' of 210")).isEqualTo("'${env:N}' of 210");
  }

  @Test
  void leaves_what_was_not_used() {
    assertThat(environment.redact("a word")).isEqualTo("a word");
  }
}
