package dev.tidemill.extract;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;
import java.util.function.IntSupplier;

/** Rows 0, 1, 2, … up to a number, each after something that a test does. */
class NumbersFeed implements Feed {
  private final IntSupplier numbers;
  private final IntConsumer before;
  private int next;

  NumbersFeed(int numbers, IntConsumer before) {
    this(() -> numbers, before);
  }

  /**
   * @param numbers may grow
   */
  NumbersFeed(IntSupplier numbers, IntConsumer before) {
    this.numbers = numbers;
    this.before = before;
  }

  @Override
  public void check() {}

  @Override
  public void restore(Positions committed) {
    next = (int) committed.rows();
  }

  @Override
  public void pass(Publication out) {
    while (next < numbers.getAsInt() && !out.isStopped()) {
      before.accept(next);
      out.row(String.valueOf(next), next, new Object[] {next});
      next++;
      out.position("numbers", JsonNodeFactory.instance.objectNode().put("rows", next));
      if (out.isDue()) {
        out.commit();
      }
    }
  }

  @Override
  public Optional<Duration> again() {
    return Optional.empty();
  }

  @Override
  public FeedProgress progress() {
    return new FeedProgress(0, 0, next, numbers.getAsInt(), List.of(), 0);
  }
}
