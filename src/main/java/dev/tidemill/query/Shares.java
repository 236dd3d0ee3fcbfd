package dev.tidemill.query;

import dev.tidemill.batch.Batch;
import dev.tidemill.topology.ShareReads;
import dev.tidemill.topology.ShareReads.Portion;
import dev.tidemill.topology.ShareSlice;
import java.util.Map;
import org.apache.kafka.streams.state.HostInfo;

/** Finds the instance that has a share, this one or another, and reads there. Thread-safe. */
public final class Shares {
  private final ShareReads local;
  private final HostInfo self;
  private final Peers peers;

  /**
   * @param self as this instance is known to the others
   */
  public Shares(ShareReads local, HostInfo self, Peers peers) {
    this.local = local;
    this.self = self;
    this.peers = peers;
  }

  int count() {
    return local.shares();
  }

  int of(byte[] group) {
    return local.shareOf(group);
  }

  /**
   * @throws QueryProblem of kind {@code UNAVAILABLE} if nobody has the share now, or its owner does
   *     not answer
   */
  ShareSlice read(int share, Batch batch, Portion portion) throws QueryProblem {
    Map<Integer, HostInfo> owners = local.owners();
    HostInfo owner = owners.get(share);
    if (owner == null) {
      throw new QueryProblem(
          QueryProblem.Kind.UNAVAILABLE,
          "no instance has share "
              + share
              + " now: shares are moving, or the pipeline is starting");
    }
    return owner.equals(self)
        ? readHere(share, batch, portion)
        : peers.read(owner, share, batch, portion);
  }

  /**
   * Reads a share that must be here: for the other instances.
   *
   * @throws QueryProblem of kind {@code UNAVAILABLE} if it is not, or not any more
   */
  public ShareSlice readHere(int share, Batch batch, Portion portion) throws QueryProblem {
    if (share < 0 || share >= count()) {
      throw new QueryProblem(
          QueryProblem.Kind.UNKNOWN, "there is no share " + share + "; there are " + count());
    }
    try {
      return local.read(share, batch, portion);
    } catch (ShareReads.NotHere e) {
      throw new QueryProblem(QueryProblem.Kind.UNAVAILABLE, e.getMessage());
    }
  }
}
