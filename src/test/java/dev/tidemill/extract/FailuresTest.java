package dev.tidemill.extract;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.junit.jupiter.api.Test;

class FailuresTest {

  /** As it is told after SIGSTOP, if another one has taken over meanwhile. */
  @Test
  void who_was_frozen_within_a_commit_is_fenced_and_does_not_fence_its_successor() {
    KafkaException told =
        new KafkaException(
            "Cannot execute transactional method because we are in an error state",
            new InvalidTxnStateException("an invalid state"));
    assertThat(Failures.isFenced(told)).isTrue();
    assertThat(Failures.mayPass(told)).isFalse();
  }

  /** As it is told a week after its last transaction: the broker has forgotten its id by then. */
  @Test
  void who_was_quiet_for_so_long_that_its_id_has_expired_goes_on_with_a_new_producer() {
    KafkaException told =
        new KafkaException(
            "Cannot execute transactional method because we are in an error state",
            new InvalidPidMappingException("an id that is not known"));
    assertThat(Failures.isFenced(told)).isFalse();
    assertThat(Failures.mayPass(told)).isTrue();
  }
}
