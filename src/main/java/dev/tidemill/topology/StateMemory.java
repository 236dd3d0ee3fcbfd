package dev.tidemill.topology;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/**
 * The memory that RocksDB may take for all stores of a process together: one cache, in which the
 * write buffers are charged too. By itself each store takes what it needs: 50 MB for blocks, 48 MB
 * for writes, and indexes and filters without any limit (KAFKA-8215).
 *
 * <p>The limit is not strict. When writes have taken their half, the store that writes next is
 * flushed; no write waits for that. And a block that is being read is never dropped.
 *
 * <p>Thread-safe, but for {@link #close}, which is for when no store lives any more.
 */
final class StateMemory implements AutoCloseable {

  /** In Streams' configuration: the {@link StateMemory} that {@link Setter} gives to the stores. */
  static final String CONFIG = "tidemill.state.memory";

  /**
   * Bytes, as much as the smallest store takes for writes. RocksDB's own is 1 MB, which hundreds of
   * stores with a handful of entries each would fill the limit with.
   */
  private static final long ARENA_BLOCK = 128 << 10;

  /**
   * The cache has 2^4 parts with a lock and a share of the limit each: enough for the threads that
   * there are, and more would make the limit less exact.
   */
  private static final int PART_BITS = 4;

  /** Indexes and filters may have so much of the cache before data may drop them. */
  private static final double HIGH_PRIORITY = 0.5;

  private final LRUCache cache;
  private final WriteBufferManager writeBuffers;

  /**
   * @param bytes for everything; half of it at most is for writes
   */
  StateMemory(long bytes) {
    RocksDB.loadLibrary();
    // Not strict: else a read from a full cache would fail.
    this.cache = new LRUCache(bytes, PART_BITS, false, HIGH_PRIORITY);
    this.writeBuffers = new WriteBufferManager(bytes / 2, cache);
  }

  /** Before any store is closed this must not be called: RocksDB would read freed memory. */
  @Override
  public void close() {
    writeBuffers.close();
    cache.close();
  }

  /**
   * Streams makes one for each store. It changes the table format that Streams has made, and so
   * keeps its bloom filter. The store's own cache, which is out of use then, is closed by Streams
   * with the store (4.3.1; earlier ones leaked it).
   */
  public static final class Setter implements RocksDBConfigSetter {
    @Override
    public void setConfig(String store, Options options, Map<String, Object> configs) {
      StateMemory memory = (StateMemory) configs.get(CONFIG);
      BlockBasedTableConfig table = (BlockBasedTableConfig) options.tableFormatConfig();
      table.setBlockCache(memory.cache);
      table.setCacheIndexAndFilterBlocks(true);
      table.setCacheIndexAndFilterBlocksWithHighPriority(true);
      options.setTableFormatConfig(table);
      options.setWriteBufferManager(memory.writeBuffers);
      options.setArenaBlockSize(ARENA_BLOCK);
    }

    /** What is shared outlives the store. */
    @Override
    public void close(String store, Options options) {}
  }
}
