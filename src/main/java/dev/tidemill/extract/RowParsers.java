package dev.tidemill.extract;

/** Makes the parser of a file. */
interface RowParsers {

  /**
   * @param file for messages
   * @param header what the file says of its rows: of CSV its first row, if that is a header, of
   *     Avro the writer's schema; otherwise empty
   * @throws dev.tidemill.definition.Unavailable if the rows lack a column that the schema needs
   */
  RowParser of(InputFile file, byte[] header);
}
