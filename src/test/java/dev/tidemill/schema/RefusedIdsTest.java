package dev.tidemill.schema;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class RefusedIdsTest {
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 10);
  private final RefusedIds refused = new RefusedIds(Duration.ofNanos(100), nanos::get);

  @Test
  void an_id_is_refused_with_its_message_while_it_is_remembered() {
    refused.add(7, "why");
    nanos.addAndGet(100);
    assertThatThrownBy(() -> refused.check(7))
        .isInstanceOf(DecodeException.class)
        .hasMessage("why");
  }

  @Test
  void an_id_is_asked_for_again_after_a_while() {
    refused.add(7, "why");
    nanos.addAndGet(101);
    assertThatCode(() -> refused.check(7)).doesNotThrowAnyException();
  }

  @Test
  void garbage_ids_do_not_pile_up() {
    for (int id = 0; id < 20_000; id++) {
      refused.add(id, "why");
    }
    assertThatCode(() -> refused.check(0)).doesNotThrowAnyException();
  }
}
