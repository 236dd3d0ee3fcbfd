package dev.tidemill.server;

/**
 * What there was of a pipeline when a run began: what the run did is the rest.
 *
 * @param accountedFor as {@link RunProgress#accountedFor}
 * @param rejected as {@link RunProgress#rejected}
 * @param rejectsEnd the offset behind the last one in the rejects topic
 */
public record RunStart(long accountedFor, long rejected, long rejectsEnd) {
  /** Of a pipeline that has never run. */
  public static final RunStart FIRST = new RunStart(0, 0, 0);
}
