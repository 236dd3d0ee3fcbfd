/**
 * What is known of a pipeline from outside its topology: the ledger, as it is committed, and the
 * rows in the shares' stores, wherever the shares are. Routing, paging, and whether an answer is
 * whole are decided here; HTTP is {@code server}'s.
 */
package dev.tidemill.query;
