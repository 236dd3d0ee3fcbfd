package dev.tidemill.extract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.tidemill.definition.Database;
import dev.tidemill.definition.Origin;
import dev.tidemill.definition.Publishing;
import dev.tidemill.definition.Selection;
import dev.tidemill.definition.TargetDefinition;
import dev.tidemill.definition.Unavailable;
import dev.tidemill.load.Target;
import dev.tidemill.load.Targets;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No password is in what is said of a database, however wrong the URL is. */
final class JdbcSecretsTest {
  private static final String SECRET = "hunter2-hunter2";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:postgresql://127.0.0.1:1/x?user=me&password=" + SECRET,
        "jdbc:postgresql://127.0.0.1:many/x?password=" + SECRET,
        "jdbc:postgresql:///?x=%zz&password=" + SECRET,
        "jdbc:postgresql://127.0.0.1:1?password=" + SECRET,
        "jdbc:mariadb://127.0.0.1:1/x?user=me&password=" + SECRET,
        "jdbc:mariadb:many?password=" + SECRET,
        "jdbc:postgresql://me:" + SECRET + "@127.0.0.1:1/x",
        "jdbc:postgresql://me:" + SECRET + "@127.0.0.1/x",
        "jdbc:nothing:x?password=" + SECRET
      })
  void no_secret_is_said(String url) {
    Origin.Jdbc origin =
        new Origin.Jdbc(
            new Database(
                url,
                Optional.of("me"),
                Optional.of(SECRET),
                Optional.empty(),
                10,
                Duration.ofSeconds(2)),
            new Selection("orders", false, List.of("id"), List.of(), Optional.empty()),
            Publishing.to(1),
            Optional.empty());
    assertUnsaid(() -> InferredSchema.of("orders", origin), "Source orders", origin.summary());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:postgresql://127.0.0.1:1/x?user=me&password=" + SECRET,
        "jdbc:postgresql://127.0.0.1:many/x?password=" + SECRET,
        "jdbc:postgresql:///?x=%zz&password=" + SECRET,
        "jdbc:postgresql://127.0.0.1:1?password=" + SECRET,
        "jdbc:postgresql://127.0.0.1:1/x?user=me&sslpassword=" + SECRET,
        "jdbc:postgresql://me:" + SECRET + "@127.0.0.1:1/x",
        "jdbc:postgresql://me:" + SECRET + "@127.0.0.1/x"
      })
  void no_secret_of_a_target_is_said(String url) {
    Schema result = SchemaBuilder.record("R").fields().requiredLong("id").endRecord();
    TargetDefinition.Postgres definition = new TargetDefinition.Postgres(url, "orders");
    Target target = Targets.open("p", definition, result, Clock.systemUTC());
    assertUnsaid(() -> target.prepare("log"), "postgres:orders", definition.toString());
  }

  private static void assertUnsaid(ThrowingCallable connecting, String who, String shown) {
    StringWriter said = new StringWriter();
    Handler log = handler(said);
    Logger root = Logger.getLogger("");
    root.addHandler(log);
    try {
      Throwable thrown = catchThrowable(connecting);
      assertThat(thrown).isInstanceOf(Unavailable.class).hasMessageContaining(who);
      thrown.printStackTrace(new PrintWriter(said, true));
    } finally {
      root.removeHandler(log);
    }
    assertThat(said.append(shown).toString()).doesNotContain(SECRET);
  }

  private static Handler handler(StringWriter said) {
    return new Handler() {
      @Override
      public void publish(LogRecord record) {
        said.append(record.getMessage()).append(' ');
        for (Object value : Optional.ofNullable(record.getParameters()).orElse(new Object[0])) {
          said.append(String.valueOf(value)).append(' ');
        }
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    };
  }
}
