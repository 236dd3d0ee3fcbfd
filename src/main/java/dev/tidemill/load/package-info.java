/**
 * From the results topic into the targets: rows are staged with the offsets they came from, and
 * published as a whole batch in one transaction when the owner says READY. One class per target.
 */
package dev.tidemill.load;
