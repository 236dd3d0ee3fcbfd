/** The commands, and their output for people and machines. */
package dev.tidemill.cli;
