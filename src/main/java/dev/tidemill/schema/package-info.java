/**
 * Avro schemas, the registry, and the codecs between bytes and rows.
 *
 * <p>A <em>row</em> is an {@code Object[]} with one value per field of its Avro record schema, in
 * the schema's order; a null is a SQL NULL. The Avro schema is the type system: SQL types and
 * target columns are derived from it.
 *
 * <table>
 *   <caption>Values of a row</caption>
 *   <tr><th>Avro</th><th>Java</th><th>SQL</th></tr>
 *   <tr><td>boolean</td><td>Boolean</td><td>BOOLEAN</td></tr>
 *   <tr><td>int</td><td>Integer</td><td>INTEGER</td></tr>
 *   <tr><td>long</td><td>Long</td><td>BIGINT</td></tr>
 *   <tr><td>float</td><td>Float</td><td>REAL</td></tr>
 *   <tr><td>double</td><td>Double</td><td>DOUBLE</td></tr>
 *   <tr><td>string, enum, uuid</td><td>String</td><td>VARCHAR</td></tr>
 *   <tr><td>bytes, fixed</td><td>byte[]</td><td>VARBINARY</td></tr>
 *   <tr><td>decimal(p, s)</td><td>BigDecimal of scale s</td><td>DECIMAL(p, s)</td></tr>
 *   <tr><td>date</td><td>Integer, days since 1970-01-01</td><td>DATE</td></tr>
 *   <tr><td>time-millis</td><td>Integer, ms of the day</td><td>TIME</td></tr>
 *   <tr><td>timestamp-millis, timestamp-micros, local-timestamp-millis</td>
 *       <td>Long, ms since the epoch (micros are floored)</td><td>TIMESTAMP(3), in UTC</td></tr>
 *   <tr><td>record</td><td>List of the values of {@link dev.tidemill.schema.RecordFields}</td>
 *       <td>ROW</td></tr>
 *   <tr><td>array of these</td><td>List, of which elements may be null</td><td>ARRAY</td></tr>
 * </table>
 *
 * Comes from: source topics and files. Goes to: {@code sql}, {@code topology}, {@code load}.
 */
package dev.tidemill.schema;
