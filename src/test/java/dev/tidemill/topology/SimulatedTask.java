package dev.tidemill.topology;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.Punctuator;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.processor.internals.InternalProcessorContext;
import org.apache.kafka.streams.processor.internals.ProcessorNode;
import org.apache.kafka.streams.processor.internals.ProcessorRecordContext;

/**
 * A task of Kafka Streams around a real processor: its input, its stores, and what it has sent in
 * its open transaction. Dies and is restored when told.
 *
 * @param <V> what it reads
 */
final class SimulatedTask<V> {

  /** A record of the task's input. */
  record Input<V>(Record<byte[], V> record, RecordMetadata place) {}

  /**
   * @param way the child of the processor
   */
  record Sent(String way, byte[] key, Outgoing message, Headers headers) {}

  /** The current time of all tasks, in ms. */
  static final long NOW = 1_767_225_600_000L;

  private static final ProcessorNode<?, ?, ?, ?> NODE = new ProcessorNode<>("simulated");

  private final int partition;
  private final Supplier<? extends Processor<byte[], V, byte[], Outgoing>> supplier;
  private final IntFunction<Optional<Input<V>>> input;
  private final String hookName;
  private final Map<String, SimulatedStore> stores = new LinkedHashMap<>();

  private final List<Sent> sent = new ArrayList<>();
  private final List<Punctuator> punctuators = new ArrayList<>();
  private Processor<byte[], V, byte[], Outgoing> processor;
  private CommitHook hook;
  private ProcessorNode<?, ?, ?, ?> node;
  private ProcessorRecordContext recordContext;
  private Optional<RecordMetadata> place = Optional.empty();
  private int position;
  private int committed;
  private boolean asksForCommit;

  /**
   * @param input gives the record at an offset, empty if there is none yet
   */
  SimulatedTask(
      int partition,
      Supplier<? extends Processor<byte[], V, byte[], Outgoing>> supplier,
      IntFunction<Optional<Input<V>>> input,
      String hookName,
      String... storeNames) {
    this.partition = partition;
    this.supplier = supplier;
    this.input = input;
    this.hookName = hookName;
    for (String name : storeNames) {
      stores.put(name, new SimulatedStore(name));
    }
    restore();
  }

  private void restore() {
    sent.clear();
    punctuators.clear();
    position = committed;
    asksForCommit = false;
    stores.values().forEach(SimulatedStore::abort);
    hook = CommitHook.builder(hookName).build();
    processor = supplier.get();
    node = NODE;
    processor.init(context());
    node = null;
  }

  /**
   * @return whether there was a record
   */
  boolean processOne() {
    Optional<Input<V>> next = input.apply(position);
    if (next.isEmpty()) {
      return false;
    }
    place = Optional.of(next.get().place());
    node = NODE;
    processor.process(next.get().record());
    node = null;
    place = Optional.empty();
    position++;
    return true;
  }

  boolean atEnd() {
    return input.apply(position).isEmpty();
  }

  int position() {
    return position;
  }

  void tick() {
    tick(NOW);
  }

  /** The same at a later time. */
  void tick(long now) {
    node = NODE;
    punctuators.forEach(punctuator -> punctuator.punctuate(now));
    node = null;
  }

  /** What Streams does before it commits: the last that is sent in the transaction. */
  void flush() {
    hook.flushCache();
  }

  /** Hands over what was sent: the transaction is committed. */
  List<Sent> commit() {
    committed = position;
    asksForCommit = false;
    stores.values().forEach(SimulatedStore::commit);
    List<Sent> all = List.copyOf(sent);
    sent.clear();
    return all;
  }

  /** Whether it does not want to wait for the next commit that comes by itself. */
  boolean asksForCommit() {
    return asksForCommit;
  }

  /** In the open transaction. */
  List<Sent> sent() {
    return List.copyOf(sent);
  }

  /** How much one of its stores holds. */
  long entries(String store) {
    return stores.get(store).approximateNumEntries();
  }

  CommitHook hook() {
    return hook;
  }

  /** The task goes on elsewhere, from what was committed. */
  void restart() {
    restore();
  }

  /** Which node Kafka Streams believes to be at work, if any. */
  Optional<ProcessorNode<?, ?, ?, ?>> node() {
    return Optional.ofNullable(node);
  }

  private InternalProcessorContext<byte[], Outgoing> context() {
    @SuppressWarnings("unchecked")
    InternalProcessorContext<byte[], Outgoing> context =
        (InternalProcessorContext<byte[], Outgoing>)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {InternalProcessorContext.class},
                (proxy, method, args) -> call(method.getName(), args));
    return context;
  }

  private Object call(String method, Object[] args) {
    switch (method) {
      case "getStateStore":
        return args[0].equals(hookName) ? hook : (StateStore) stores.get((String) args[0]);
      case "taskId":
        return new TaskId(0, partition);
      case "currentSystemTimeMs":
        return NOW;
      case "recordMetadata":
        return place;
      case "schedule":
        return schedule((Duration) args[0], (PunctuationType) args[1], (Punctuator) args[2]);
      case "forward":
        forward((Record<?, ?>) args[0], (String) args[1]);
        return null;
      case "commit":
        asksForCommit = true;
        return null;
      case "currentNode":
        return node;
      case "setCurrentNode":
        node = (ProcessorNode<?, ?, ?, ?>) args[0];
        return null;
      case "recordContext":
        return recordContext;
      case "setRecordContext":
        recordContext = (ProcessorRecordContext) args[0];
        return null;
      default:
        throw new UnsupportedOperationException(method);
    }
  }

  private Cancellable schedule(Duration every, PunctuationType type, Punctuator punctuator) {
    if (type != PunctuationType.WALL_CLOCK_TIME || every.isNegative()) {
      throw new AssertionError("CVE-2026-111496: no punctuation by stream time");
    }
    punctuators.add(punctuator);
    return () -> punctuators.remove(punctuator);
  }

  private void forward(Record<?, ?> record, String child) {
    if (node == null) {
      throw new StreamsException("Current node is unknown."); // as ProcessorContextImpl does
    }
    if (record.timestamp() != NOW) {
      throw new AssertionError("rule 10: sent with another time than the current one: " + record);
    }
    sent.add(new Sent(child, (byte[]) record.key(), (Outgoing) record.value(), record.headers()));
  }
}
