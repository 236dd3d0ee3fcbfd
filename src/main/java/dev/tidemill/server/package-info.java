/**
 * One running pipeline: extractors, topology and loaders, started in order and stopped together.
 */
package dev.tidemill.server;
