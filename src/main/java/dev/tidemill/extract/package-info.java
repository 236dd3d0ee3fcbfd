/**
 * Publishes rows of files, databases and HTTP APIs to source topics, each row exactly once: records
 * and the position behind them change in one Kafka transaction.
 */
package dev.tidemill.extract;
