/**
 * The fault programme: processes are killed, stopped and cut off on purpose, and afterwards one
 * checker holds everything that the pipeline left against what its log must become. See
 * docs/faults.md.
 */
package dev.tidemill.faults;
