package dev.tidemill.extract;

/**
 * How far a feed is within what it knows to be there; all 0 if it does not know.
 *
 * @param filesDone read to their end
 * @param bytes read
 * @param bytesTotal size of all files
 */
record FeedProgress(int filesDone, int files, long bytes, long bytesTotal) {
  static final FeedProgress UNKNOWN = new FeedProgress(0, 0, 0, 0);
}
