/**
 * The domain: calendar, batch, event clock, verdict, books, ledger entry. Pure Java without
 * dependencies; every other package speaks in these words. Nothing here reads the clock of the
 * wall, a file or a topic.
 */
package dev.tidemill.batch;
