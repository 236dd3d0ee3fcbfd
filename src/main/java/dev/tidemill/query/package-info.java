/** What is known of a pipeline from outside its topology: the ledger, as it is committed. */
package dev.tidemill.query;
