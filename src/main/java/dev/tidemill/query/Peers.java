package dev.tidemill.query;

import dev.tidemill.batch.Batch;
import dev.tidemill.topology.ShareReads.Portion;
import dev.tidemill.topology.ShareSlice;
import org.apache.kafka.streams.state.HostInfo;

/** The other instances of the pipeline. */
public interface Peers {

  /**
   * Asks an instance for a share that it has itself; it does not ask on.
   *
   * @param owner as the metadata of Streams names it, never from a request
   * @throws QueryProblem of kind {@code UNAVAILABLE} if it does not answer, or has the share no
   *     more
   */
  ShareSlice read(HostInfo owner, int share, Batch batch, Portion portion) throws QueryProblem;
}
