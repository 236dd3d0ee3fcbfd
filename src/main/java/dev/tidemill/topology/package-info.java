/**
 * The Kafka Streams topology of a pipeline: intake (per source partition), shuffle, batch (per
 * share), owner (one per pipeline), and their stores. Records come from source topics and leave as
 * result rows, ledger entries and rejects.
 */
package dev.tidemill.topology;
