package dev.tidemill.bench;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** One way to do the job of the benchmark. */
interface Contender {

  /**
   * Works off the whole log, and tells {@code watch} when its final results are committed.
   *
   * @return what came out, if it is not in a topic
   */
  Optional<Outcome> run(Job job, Stopwatch watch) throws Exception;

  /** All of them, in the order of a round. */
  enum Name {
    DSL("dsl"),
    TIDEMILL("tidemill"),
    HEAP_LIMIT("heap-limit"),
    DSL_ON_WINDOW_CLOSE("dsl-on-window-close");

    private final String text;

    Name(String text) {
      this.text = text;
    }

    static Name of(String text) {
      return Stream.of(values())
          .filter(name -> name.text.equals(text))
          .findFirst()
          .orElseThrow(
              () ->
                  new IllegalArgumentException(
                      "no system '" + text + "'; there are " + List.of(values())));
    }

    Contender contender() {
      return switch (this) {
        case DSL -> new DslContender(DslContender.Emission.SUPPRESS);
        case DSL_ON_WINDOW_CLOSE -> new DslContender(DslContender.Emission.ON_WINDOW_CLOSE);
        case TIDEMILL -> new TidemillContender();
        case HEAP_LIMIT -> new HeapLimitContender();
      };
    }

    /** Whether it promises every result; what another one leaves out is only counted. */
    boolean isComplete() {
      return this != DSL_ON_WINDOW_CLOSE;
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
