/**
 * From the results topic into the targets: rows are staged with the offsets they came from, and
 * published as a whole batch in one transaction when the owner says READY. One {@link
 * dev.tidemill.load.Dialect} per kind of database; what they must guarantee is in one place, {@link
 * dev.tidemill.load.SqlTarget}.
 *
 * <p>Records come from {@code topology} by the results and the ledger topic; what has been
 * published goes back by the acks topic. Only consumers, one producer and the admin client of Kafka
 * are used.
 *
 * <p>What every target has is deleted from the results by {@link dev.tidemill.load.Cleanup}.
 */
package dev.tidemill.load;
