package dev.tidemill.extract;

/** Makes the parser of a file. */
interface RowParsers {

  /**
   * @param file for messages
   * @param header the file's first row, if its format has a header; otherwise empty
   * @throws dev.tidemill.definition.Unavailable if the header lacks a column that the schema needs
   */
  RowParser of(InputFile file, byte[] header);
}
