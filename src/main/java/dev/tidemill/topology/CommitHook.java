package dev.tidemill.topology;

import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.internals.InternalProcessorContext;
import org.apache.kafka.streams.processor.internals.ProcessorNode;
import org.apache.kafka.streams.processor.internals.ProcessorRecordContext;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.internals.CacheFlushListener;
import org.apache.kafka.streams.state.internals.CachedStateStore;

/**
 * Runs a processor's flush inside the transaction that is about to commit. Knows internals of Kafka
 * Streams.
 *
 * <p>{@code StateStore.flush()} and {@code commit()} come after the transaction has committed, so
 * what they forward belongs to the next one. The only call before it, in 4.3.1, is {@code
 * ProcessorStateManager.flushCache()} out of {@code StreamTask.prepareCommit()}, which reaches a
 * registered store that is a {@link CachedStateStore}. So this is a store that stores nothing.
 */
final class CommitHook implements StateStore, CachedStateStore<byte[], byte[]> {

  /** What a processor does when its task commits. */
  interface Committing {
    /** Forwards and stores everything that is still in the heap. */
    void beforeCommit();

    /** Forgets everything that is still in the heap: the task goes on elsewhere (KAFKA-14172). */
    void discard();

    /**
     * The last transaction has committed. Streams says so only when a task is closed; before that,
     * whatever the task does next shows it.
     */
    default void afterCommit() {}
  }

  private final String name;
  private InternalProcessorContext<?, ?> context;
  private ProcessorNode<?, ?, ?, ?> node;
  private Committing processor;
  private boolean open;

  private CommitHook(String name) {
    this.name = name;
  }

  static StoreBuilder<CommitHook> builder(String name) {
    return new UnloggedStore<>(name, () -> new CommitHook(name));
  }

  /** To be called from the processor's {@code init}, where its node is the current one. */
  void attach(ProcessorContext<?, ?> processorContext, Committing committing) {
    context = (InternalProcessorContext<?, ?>) processorContext;
    node = context.currentNode();
    processor = committing;
  }

  @Override
  public void flushCache() {
    if (processor == null) {
      return; // restoring: nothing was processed yet
    }
    // Here the current node is null and forward() throws; and a sink reads the record context.
    ProcessorNode<?, ?, ?, ?> nodeBefore = context.currentNode();
    ProcessorRecordContext recordBefore = context.recordContext();
    context.setCurrentNode(node);
    context.setRecordContext(
        new ProcessorRecordContext(
            context.currentSystemTimeMs(), -1, -1, null, new RecordHeaders()));
    try {
      processor.beforeCommit();
    } finally {
      context.setCurrentNode(nodeBefore);
      context.setRecordContext(recordBefore);
    }
  }

  @Override
  public void clearCache() {
    if (processor != null) {
      processor.discard();
      processor = null;
    }
  }

  @Override
  public void commit(Map<TopicPartition, Long> changelogOffsets) {
    if (processor != null) {
      processor.afterCommit();
    }
  }

  @Override
  public boolean setFlushListener(
      CacheFlushListener<byte[], byte[]> listener, boolean sendOldValues) {
    return false;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void init(StateStoreContext storeContext, StateStore root) {
    storeContext.register(root, (key, value) -> {});
    open = true;
  }

  @Override
  public void close() {
    open = false;
    processor = null;
  }

  @Override
  public boolean persistent() {
    return false;
  }

  @Override
  public boolean isOpen() {
    return open;
  }
}
