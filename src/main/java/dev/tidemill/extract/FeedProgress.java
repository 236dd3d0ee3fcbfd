package dev.tidemill.extract;

import java.util.List;

/**
 * How far a feed is within what it knows to be there; all 0 if it does not know.
 *
 * @param filesDone read to their end
 * @param bytes read
 * @param bytesTotal size of all files
 * @param different files that were read to their end and do not have the rows of their manifest,
 *     for people
 * @param awaited how many files wait for their manifest, or are waited for by one
 */
record FeedProgress(
    int filesDone, int files, long bytes, long bytesTotal, List<String> different, int awaited) {
  static final FeedProgress UNKNOWN = new FeedProgress(0, 0, 0, 0, List.of(), 0);
}
