package dev.tidemill.extract;

import dev.tidemill.definition.FilePolicies.OnMismatch;
import dev.tidemill.definition.Unavailable;
import dev.tidemill.schema.DecodeException;

/**
 * What becomes of a file that does not fit the schema as a whole. Immutable.
 *
 * @param policy of the source
 */
record Mismatch(OnMismatch policy) {

  /**
   * @param place the file, and the line if it has any
   * @param reason names the columns
   * @return refuses each row, if that is the policy
   * @throws Unavailable if the policy is to stop
   */
  RowParser parser(String place, String reason) {
    requireReject(place, reason);
    return bytes -> {
      throw new DecodeException(reason);
    };
  }

  /** As {@link #parser}, for who knows how to refuse. */
  void requireReject(String place, String reason) {
    if (policy == OnMismatch.STOP) {
      throw new Unavailable(
          place
              + ": "
              + reason
              + "; correct the file, or the source's schema (a field with a default may be missing)"
              + " or encoding; or write 'on-mismatch: reject'");
    }
  }
}
