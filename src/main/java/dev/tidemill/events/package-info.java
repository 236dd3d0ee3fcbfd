/**
 * What a running pipeline tells of itself while it works: spans with a start and an end, and
 * moments. Pure Java, without dependencies, at the bottom beside {@code batch}: every package may
 * emit through the {@link dev.tidemill.events.Events} that it is given. Events come from there and
 * go to listeners, each with a queue and a thread of its own: the metrics, the log, the HTTP API,
 * classes of the user. They are for watching: the ledger is the truth, and nothing of ours waits
 * for a listener or decides by an event.
 */
package dev.tidemill.events;
