/**
 * One running pipeline: extractors, topology and loaders, started in order and stopped together;
 * and its HTTP API: ledger, rows, health, metrics. What is asked goes to {@code query}.
 */
package dev.tidemill.server;
